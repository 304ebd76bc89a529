import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { FastifyUsageFlowAPI } from '@usageflow/fastify'
import fastify from 'fastify'

/** Takes whatever Fastify can be told to take for the same path. */
const GENEROUS = {
  ...{ caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
  useSemicolonDelimiter: true,
}

const usageFlow = new FastifyUsageFlowAPI()
const app = fastify(process.env.HOST_ROUTER === 'generous' ? { routerOptions: GENEROUS } : {})
await app.register(
  usageFlow.createPlugin(
    [{ method: '*', url: '*' }],
    [
      { method: 'GET', url: '/health' },
      { method: '*', url: '/internal/*' },
    ],
  ),
)

const served = (pattern) => async (_request, reply) => reply.header('x-served', pattern).send({})

for (const pattern of ['/', '/health', '/api/users', '/api/users/:id', '/api/:other'])
  app.get(pattern, served(pattern))
app.get('/internal/*', served('/internal/*'))
app.get('/files/*', served('/files/*'))
const mounted = (router, _options, done) => done(void router.get('/c', served('/a/:b/c')))
await app.register(mounted, { prefix: '/a/:b' })

const BREATH_MS = 50
const usageOf = (tokens) => JSON.stringify({ usage: { total_tokens: tokens } })

async function* eventsOf({ tokens }) {
  for (const each of tokens) {
    yield `data: ${usageOf(each)}\n\n`
    await sleep(1)
  }
}

const streamed = (reply, pieces, type) => reply.type(type).send(Readable.from(pieces))

const answers = {
  json: (reply, { tokens, status }) => reply.code(status).send(JSON.parse(usageOf(tokens.at(-1)))),

  stream: (reply, asked) => streamed(reply, wholeOf(asked), 'text/event-stream'),

  lines(reply, { tokens }) {
    const lines = tokens.map((each) => `${usageOf(each)}\n`)
    return streamed(reply, lines, 'application/x-ndjson')
  },

  break: (reply, asked) => streamed(reply, breaking(asked), 'text/event-stream'),

  hang: (reply, asked) => streamed(reply, hanging(asked), 'text/event-stream'),

  throw() {
    throw new Error('broken')
  },

  never: () => new Promise(() => {}),
}

async function* wholeOf(asked) {
  yield* eventsOf(asked)
  yield 'data: [DONE]\n\n'
}

async function* breaking(asked) {
  yield* eventsOf(asked)
  throw new Error('broken')
}

/** Until Fastify gives it up, since the client has gone. */
async function* hanging(asked) {
  yield* eventsOf(asked)
  for (; ; await sleep(BREATH_MS)) yield ': waits\n\n'
}

app.post('/v1/models/:model/chat', async (request, reply) => {
  const { how, units, ...asked } = request.body
  if (units !== undefined) request.usageflow = { metadata: { units, customField: 'value' } }
  return answers[how](reply, asked)
})

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
