import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { FastifyUsageFlowAPI } from '@usageflow/fastify'
import fastify from 'fastify'

const app = fastify({ keepAliveTimeout: 120_000 }) // else a connection may be closed just when it is used
const tell = (told) => console.log(JSON.stringify(told))
process.on('unhandledRejection', (reason) => tell({ broken: String(reason) }))

if (!process.env.BARE) {
  const usageFlow = new FastifyUsageFlowAPI({
    rateLimits: { '/limited/*': { limit: 1_000_000, window: '1h', algorithm: 'token_bucket' } },
    onError: ({ kind, code, count }) => tell({ kind, code, count }),
  })
  await app.register(usageFlow.createPlugin())
}
for (const route of ['/summed/:id', '/limited/:id', '/free/:id'])
  app.get(route, async ({ params }) => ({ id: params.id }))
app.post('/each/:id', async ({ body }) => ({ model: body.model, tokens: 3 }))
app.get('/work', async () => {
  await sleep(1)
  return { ok: true }
})
app.get('/shapes/json', async () => ({ tokens: 7, text: 'x'.repeat(10_000) }))
app.get('/shapes/stream', async (_request, reply) =>
  reply.send(Readable.from(each((part) => `part ${part}\n`))),
)
app.get('/shapes/events', async (_request, reply) => {
  reply.type('text/event-stream').header('cache-control', 'no-store')
  return reply.send(Readable.from(each((event) => `data: {"tokens":${event}}\n\n`)))
})
// An upload is not gathered: the handler reads it.
app.addContentTypeParser('application/octet-stream', (_request, payload, done) =>
  done(null, payload),
)
app.post('/shapes/upload', async ({ body }) => {
  const hash = createHash('sha256')
  for await (const chunk of body) hash.update(chunk)
  return hash.digest('hex')
})
app.get('/shapes/empty', async (_request, reply) => reply.code(204).send())
app.get('/shapes/throws', async () => {
  throw new Error('broken')
})
app.get('/endless', async (_request, reply) => reply.send(Readable.from(endless())))
app.get('/cut', async (_request, reply) => {
  reply.hijack()
  reply.raw.write('half')
  await sleep(50)
  reply.raw.destroy()
})

async function* each(textOf) {
  for (let nth = 0; nth < 5; nth += 1) {
    yield textOf(nth)
    await sleep(50)
  }
}

/** Until Fastify gives it up, since the client has gone. */
async function* endless() {
  for (let part = 0; ; part += 1) {
    yield `${part}`.padEnd(1_000, '.')
    await sleep(10)
  }
}

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
process.once('SIGTERM', async () => {
  await app.close()
  process.exit(0)
})
