// An image generator. Of billing it knows the lines that are marked.
import { randomUUID } from 'node:crypto'
import { trackJob, UsageFlow } from '@usageflow/core' // (1)
import express from 'express'
import { draw, QUALITIES } from './draw.mjs'
import { picturesOf } from './pictures.mjs'

/** In your service: a table of keys, or what issues your tokens. */
const CUSTOMERS = new Map([
  ['demo-key-of-ann', 'ann'],
  ['demo-key-of-bob', 'bob'],
])

const usageFlow = new UsageFlow() // (2) reads USAGEFLOW_URL and USAGEFLOW_API_KEY

const app = express()
app.use(express.json())

app.use('/v1', (request, response, next) => {
  const [, key] = /^Bearer (.+)$/.exec(request.get('authorization') ?? '') ?? []
  request.customerId = CUSTOMERS.get(key)
  if (request.customerId === undefined)
    return response.status(401).json({ error: 'Send Authorization: Bearer, and your key.' })
  next()
})

app.post('/v1/images', async (request, response) => {
  const { customerId } = request
  const { prompt, quality = 'standard' } = request.body ?? {}
  if (typeof prompt !== 'string' || !QUALITIES.includes(quality))
    return response.status(400).json({ error: 'Send a prompt, and standard or hd as quality.' })
  const id = request.get('idempotency-key') ?? randomUUID()
  if (!/^[\w-]{1,64}$/.test(id))
    return response.status(400).json({ error: 'Idempotency-Key: at most 64 letters and digits.' })

  const pictures = picturesOf(customerId)
  if (pictures.has(quality, id)) return response.json({ id, quality, made: 'before' })
  // (3) One image for each picture that succeeds, whose quality says the price.
  const usage = {
    ...{ name: 'IMAGE', customerId, metadata: { quality } },
    jobId: `${customerId}.${quality}.${id}`,
  }
  try {
    await trackJob(usageFlow, usage, async () =>
      pictures.save(quality, id, await draw(prompt, quality)),
    )
  } catch (error) {
    return response.status(422).json({ error: error.message })
  }
  response.status(201).json({ id, quality, made: 'now' })
})

app.get('/v1/images/:quality/:id', ({ customerId, params: { quality, id } }, response) => {
  const isName = QUALITIES.includes(quality) && /^[\w-]{1,64}$/.test(id)
  const pictures = picturesOf(customerId)
  if (!isName || !pictures.has(quality, id))
    return response.status(404).json({ error: 'There is no such picture of yours.' })
  response.type('image/svg+xml').send(pictures.read(quality, id))
})

app.get('/health', (_request, response) => response.json({ ok: true }))

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1')

process.once('SIGTERM', async () => {
  server.close()
  await usageFlow.close() // (4) sends what was tracked in the last second
  process.exit()
})
