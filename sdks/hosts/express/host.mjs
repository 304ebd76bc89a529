import { setTimeout as sleep } from 'node:timers/promises'
import { ExpressUsageFlowAPI } from '@usageflow/express'
import express from 'express'

const usageFlow = new ExpressUsageFlowAPI()
const app = express()
app.use(express.json())
app.use(
  usageFlow.createMiddleware(
    [{ method: '*', url: '*' }],
    [
      { method: 'GET', url: '/health' },
      { method: '*', url: '/internal/*' },
    ],
  ),
)

const served = (pattern) => (_request, response) => response.set('x-served', pattern).json({})

for (const pattern of ['/', '/health', '/api/users', '/api/users/:id', '/api/:other'])
  app.get(pattern, served(pattern))
app.get('/internal/*rest', served('/internal/*'))
app.get('/files/*path', served('/files/*'))
const mounted = express.Router({ mergeParams: true })
mounted.get('/c', served('/a/:b/c'))
app.use('/a/:b', mounted)

const BREATH_MS = 50
const usageOf = (tokens) => JSON.stringify({ usage: { total_tokens: tokens } })

const answers = {
  json: (response, { tokens, status }) =>
    response.status(status).json(JSON.parse(usageOf(tokens.at(-1)))),

  async stream(response, { tokens }) {
    await sendEvents(response, tokens)
    response.end('data: [DONE]\n\n')
  },

  async lines(response, { tokens }) {
    response.type('application/x-ndjson')
    for (const each of tokens) response.write(`${usageOf(each)}\n`)
    response.end()
  },

  async break(response, { tokens }) {
    await sendEvents(response, tokens)
    throw new Error('broken')
  },

  async hang(response, { tokens }) {
    await sendEvents(response, tokens)
    for (; !response.destroyed; await sleep(BREATH_MS)) response.write(': waits\n\n')
  },

  throw() {
    throw new Error('broken')
  },

  never() {},
}

async function sendEvents(response, tokens) {
  response.type('text/event-stream')
  for (const each of tokens) {
    response.write(`data: ${usageOf(each)}\n\n`)
    await sleep(1)
  }
}

app.post('/v1/models/:model/chat', (request, response) => {
  const { how, units, ...asked } = request.body
  if (units !== undefined) request.usageflow = { metadata: { units, customField: 'value' } }
  return answers[how](response, asked)
})

app.listen(Number(process.env.PORT), '127.0.0.1')
