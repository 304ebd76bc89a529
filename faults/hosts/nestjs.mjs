import 'reflect-metadata'
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Body,
  Controller,
  Get,
  HttpCode,
  Module,
  Param,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { UsageFlowModule } from '@usageflow/nestjs'

const tell = (told) => console.log(JSON.stringify(told))
process.on('unhandledRejection', (reason) => tell({ broken: String(reason) }))

class Host {
  plain(id) {
    return { id }
  }

  each({ model }) {
    return { model, tokens: 3 }
  }

  async work() {
    await sleep(1)
    return { ok: true }
  }

  json() {
    return { tokens: 7, text: 'x'.repeat(10_000) }
  }

  stream() {
    return streamOf((part) => `part ${part}\n`, 'text/plain')
  }

  events() {
    return streamOf((event) => `data: {"tokens":${event}}\n\n`, 'text/event-stream')
  }

  async upload(request) {
    const hash = createHash('sha256')
    for await (const chunk of request.raw ? request.body : request) hash.update(chunk)
    return hash.digest('hex')
  }

  empty() {}

  throws() {
    throw new Error('broken')
  }

  async endless(response) {
    const raw = byHand(response)
    for (let part = 0; !raw.destroyed; part += 1) {
      raw.write(`${part}`.padEnd(1_000, '.'))
      await sleep(10)
    }
  }

  async cut(response) {
    const raw = byHand(response)
    raw.write('half')
    await sleep(50)
    raw.destroy()
  }
}

function streamOf(textOf, type) {
  return new StreamableFile(Readable.from(each(textOf)), { type })
}

async function* each(textOf) {
  for (let nth = 0; nth < 5; nth += 1) {
    yield textOf(nth)
    await sleep(50)
  }
}

/** The response of Node, which the framework then leaves alone. */
function byHand(response) {
  response.hijack?.()
  return response.raw ?? response
}

/** What decorators do to a method, which are no part of the language yet. */
function route(method, decorators, ...params) {
  const descriptor = Object.getOwnPropertyDescriptor(Host.prototype, method)
  for (const decorate of decorators) decorate(Host.prototype, method, descriptor)
  for (const [at, decorate] of params.entries()) decorate(Host.prototype, method, at)
}

Controller()(Host)
route('plain', [Get(['summed/:id', 'limited/:id', 'free/:id'])], Param('id'))
route('each', [Post('each/:id'), HttpCode(200)], Body())
route('work', [Get('work')])
route('json', [Get('shapes/json')])
route('stream', [Get('shapes/stream')])
// Not with `Sse`, which keeps a connection that the client wants closed.
route('events', [Get('shapes/events')])
route('upload', [Post('shapes/upload'), HttpCode(200)], Req())
route('empty', [Get('shapes/empty'), HttpCode(204)])
route('throws', [Get('shapes/throws')])
route('endless', [Get('endless')], Res())
route('cut', [Get('cut')], Res())

class AppModule {}
const usageFlow = () =>
  UsageFlowModule.forRoot({
    rateLimits: { '/limited/*': { limit: 1_000_000, window: '1h', algorithm: 'token_bucket' } },
    onError: ({ kind, code, count }) => tell({ kind, code, count }),
  })
Module({ controllers: [Host], imports: process.env.BARE ? [] : [usageFlow()] })(AppModule)

const isOnFastify = process.env.HOST_ADAPTER === 'fastify'
const adapter = isOnFastify ? [new FastifyAdapter()] : []
const app = await NestFactory.create(AppModule, ...adapter, { logger: false })
// An upload is not gathered: the handler reads it, as it does on Express.
if (isOnFastify)
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser('application/octet-stream', (_request, payload, done) =>
      done(null, payload),
    )
app.getHttpServer().keepAliveTimeout = 120_000 // else a connection may be closed just when it is used
await app.listen(Number(process.env.PORT), '127.0.0.1')
process.once('SIGTERM', async () => {
  await app.close()
  process.exit(0)
})
