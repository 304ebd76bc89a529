import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExpressUsageFlowAPI } from '@usageflow/express'
import express from 'express'

const app = express()
const tell = (told) => console.log(JSON.stringify(told))
let close = async () => {}
process.on('unhandledRejection', (reason) => tell({ broken: String(reason) }))

if (!process.env.BARE) {
  const usageFlow = new ExpressUsageFlowAPI({
    rateLimits: { '/limited/*': { limit: 1_000_000, window: '1h', algorithm: 'token_bucket' } },
    onError: ({ kind, code, count }) => tell({ kind, code, count }),
  })
  app.use(usageFlow.createMiddleware())
  close = () => usageFlow.close()
}
for (const route of ['/summed/:id', '/limited/:id', '/free/:id'])
  app.get(route, (req, res) => res.json({ id: req.params.id }))
app.post('/each/:id', express.json(), (req, res) => res.json({ model: req.body.model, tokens: 3 }))
app.get('/work', async (_req, res) => {
  await sleep(1)
  res.json({ ok: true })
})
app.get('/shapes/json', (_req, res) => res.json({ tokens: 7, text: 'x'.repeat(10_000) }))
app.get('/shapes/stream', async (_req, res) => {
  for (let part = 0; part < 5; part += 1) {
    res.write(`part ${part}\n`)
    await sleep(50)
  }
  res.end()
})
app.get('/shapes/events', async (_req, res) => {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (let event = 0; event < 5; event += 1) {
    res.write(`data: {"tokens":${event}}\n\n`)
    await sleep(50)
  }
  res.end()
})
app.post('/shapes/upload', async (req, res) => {
  const hash = createHash('sha256')
  for await (const chunk of req) hash.update(chunk)
  res.send(hash.digest('hex'))
})
app.get('/shapes/empty', (_req, res) => res.status(204).end())
app.get('/shapes/throws', () => {
  throw new Error('broken')
})
app.get('/endless', async (_req, res) => {
  for (let part = 0; !res.destroyed; part += 1) {
    res.write(`${part}`.padEnd(1_000, '.'))
    await sleep(10)
  }
})
app.get('/cut', async (_req, res) => {
  res.write('half')
  await sleep(50)
  res.destroy()
})
// Four parameters make it the one that errors are for.
app.use((error, _req, res, _next) => res.status(500).json({ error: error.message }))

const server = app.listen(Number(process.env.PORT), '127.0.0.1')
server.keepAliveTimeout = 120_000 // else a connection may be closed just when it is used
process.once('SIGTERM', async () => {
  server.close()
  await close()
  process.exit(0)
})
