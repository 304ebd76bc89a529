import 'reflect-metadata'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Module,
  Post,
  Req,
  Res,
  StreamableFile,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { UsageFlowModule } from '@usageflow/nestjs'

const isOnFastify = process.env.HOST_ADAPTER === 'fastify'
/** What takes the rest of a path, which Express wants to have a name, and Fastify none. */
const REST = isOnFastify ? '*' : '*rest'

/** What decorators do to a method, which are no part of the language yet. */
function route({ prototype }, method, decorators, ...params) {
  const descriptor = Object.getOwnPropertyDescriptor(prototype, method)
  for (const decorate of decorators) decorate(prototype, method, descriptor)
  for (const [at, decorate] of params.entries()) decorate(prototype, method, at)
}

class Pages {}
class Mounted {}

function serve(controller, path, pattern) {
  controller.prototype[pattern] = () => ({})
  route(controller, pattern, [Get(path), Header('x-served', pattern)])
}

Controller()(Pages)
for (const pattern of ['/', '/health', '/api/users', '/api/users/:id', '/api/:other'])
  serve(Pages, pattern, pattern)
serve(Pages, `/internal/${REST}`, '/internal/*')
serve(Pages, `/files/${REST}`, '/files/*')
Controller('/a/:b')(Mounted)
serve(Mounted, '/c', '/a/:b/c')

const BREATH_MS = 50
const usageOf = (tokens) => JSON.stringify({ usage: { total_tokens: tokens } })
const streamOf = (pieces, type) => new StreamableFile(Readable.from(pieces), { type })

const answers = {
  json({ tokens, status }, response) {
    response.status(status)
    return JSON.parse(usageOf(tokens.at(-1)))
  },

  stream: (asked) => streamOf(wholeOf(asked), 'text/event-stream'),

  lines({ tokens }) {
    const lines = tokens.map((each) => `${usageOf(each)}\n`)
    return streamOf(lines, 'application/x-ndjson')
  },

  break: (asked) => streamOf(breaking(asked), 'text/event-stream'),

  hang: (asked) => streamOf(hanging(asked), 'text/event-stream'),

  throw() {
    throw new Error('broken')
  },

  never: () => new Promise(() => {}),
}

async function* eventsOf({ tokens }) {
  for (const each of tokens) {
    yield `data: ${usageOf(each)}\n\n`
    await sleep(1)
  }
}

async function* wholeOf(asked) {
  yield* eventsOf(asked)
  yield 'data: [DONE]\n\n'
}

async function* breaking(asked) {
  yield* eventsOf(asked)
  throw new Error('broken')
}

/** Until NestJS gives it up, since the client has gone. */
async function* hanging(asked) {
  yield* eventsOf(asked)
  for (; ; await sleep(BREATH_MS)) yield ': waits\n\n'
}

class Models {
  chat(request, { how, units, ...asked }, response) {
    if (units !== undefined) request.usageflow = { metadata: { units, customField: 'value' } }
    return answers[how](asked, response)
  }
}

Controller('/v1/models')(Models)
route(
  ...[Models, 'chat', [Post(':model/chat'), HttpCode(200)]],
  ...[Req(), Body(), Res({ passthrough: true })],
)

class HostModule {}
const usageFlow = UsageFlowModule.forRoot({
  routes: [{ method: '*', url: '*' }],
  whitelistRoutes: [
    { method: 'GET', url: '/health' },
    { method: '*', url: '/internal/*' },
  ],
})
Module({ imports: [usageFlow], controllers: [Pages, Mounted, Models] })(HostModule)

const adapter = isOnFastify ? [new FastifyAdapter()] : []
const app = await NestFactory.create(HostModule, ...adapter, { logger: false })
await app.listen(Number(process.env.PORT), '127.0.0.1')
