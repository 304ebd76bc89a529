// An AI API. Of metering, limits and billing it knows the lines that are marked.
import { ExpressUsageFlowAPI } from '@usageflow/express' // (1)
import express from 'express'
import { complete } from './model.mjs'

/** In your service: a table of keys, or what issues your tokens. */
const CUSTOMERS = new Map([
  ['demo-key-of-ann', 'ann'],
  ['demo-key-of-bob', 'bob'],
])

const app = express()
app.use(express.json())

app.use((request, response, next) => {
  const [, key] = /^Bearer (.+)$/.exec(request.get('authorization') ?? '') ?? []
  request.customerId = CUSTOMERS.get(key)
  if (request.customerId === undefined && request.path.startsWith('/v1/'))
    return response.status(401).json({ error: 'Send Authorization: Bearer, and your key.' })
  next()
})

// (2) Reads USAGEFLOW_URL and USAGEFLOW_API_KEY. Who is calling is what was checked above, not what a client says.
const usageFlow = new ExpressUsageFlowAPI({
  application: 'ai-api',
  claims: (request) => ({ sub: request.customerId }),
})
app.use(usageFlow.createMiddleware([{ method: '*', url: '/v1/*' }])) // (3)

app.post('/v1/chat', async (request, response) => {
  const { prompt, stream = false } = request.body ?? {}
  if (typeof prompt !== 'string') return response.status(400).json({ error: 'Send a prompt.' })
  request.usageflow = { metadata: { model: 'parrot-1' } } // (4) kept with each usage event
  if (!stream) return response.json(await complete(prompt))
  response.type('text/event-stream')
  for await (const chunk of complete.stream(prompt))
    response.write(`data: ${JSON.stringify(chunk)}\n\n`)
  response.end('data: [DONE]\n\n')
})

app.get('/health', (_request, response) => response.json({ ok: true }))

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')

process.once('SIGTERM', async () => {
  server.close()
  await usageFlow.close() // (5) sends what was measured in the last second
  process.exit()
})
