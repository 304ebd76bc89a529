import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { Failure } from '../errors.ts'
import { newId } from '../id.ts'
import type { Logger } from '../log.ts'
import type { Sealer } from '../secrets/seal.ts'
import { errorAnswer, SECURITY_HEADERS } from './answer.ts'
import type { Authenticate, Caller } from './caller.ts'
import { idempotencyKey, once } from './idempotency.ts'
import { registerReference, routeSchema } from './openapi.ts'
import type { JsonRoute, RawRoute, Reply, Route } from './route.ts'
import { parseStrictJson } from './strict-json.ts'

export type HttpDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly authenticate: Authenticate
  /** Answered at `/live` and `/ready`, to anybody. */
  readonly health: HealthChecks
}

export type HealthChecks = {
  /** Resolves to what stands in the way of serving; empty when ready. */
  ready(): Promise<{ ready: boolean; details: Readonly<Record<string, unknown>> }>
}

const BODY_BYTES_MAX = 1024 * 1024
const REQUEST_TIMEOUT_MS = 15_000 // a slow body is closed; streams renew it themselves
const HEADERS_TIMEOUT_MS = 10_000
const HEADER_BYTES_MAX = 16 * 1024
const CONNECTIONS_MAX = 4_096

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
  interface FastifyContextConfig {
    route?: Route
    isPublic?: boolean
  }
}

/** Builds the HTTP side from the routes. It listens to nothing until told. */
export async function buildHttpServer(
  routes: readonly Route[],
  deps: HttpDeps,
): Promise<FastifyInstance> {
  const app = fastify({
    serverFactory: (handler) => createNodeServer(handler, hotRoutes(routes), deps),
    loggerInstance: deps.log as FastifyBaseLogger,
    disableRequestLogging: true,
    genReqId: () => newId('req'),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: true,
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 300 },
  }) as FastifyInstance
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('caller', null)
  acceptOnlyStrictJson(app)
  answerErrors(app, deps)
  refuseUnguardedRoutes(app)
  registerHealth(app, deps.health)
  await registerReference(app)
  for (const route of routes) register(app, route, deps)
  await app.ready()
  return app
}

/** Both timeouts and a short check interval are needed: any one alone leaves slow sockets open. */
function createNodeServer(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  hot: ReadonlyMap<string, RawRoute>,
  deps: HttpDeps,
): Server {
  const options = {
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: HEADERS_TIMEOUT_MS,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: HEADER_BYTES_MAX,
    keepAliveTimeout: 72_000,
  }
  const server = createServer(options, (request, response) => {
    const route = hot.get(`${request.method} ${request.url}`)
    if (!route) return handler(request, response)
    route.handleRaw(request, response, {
      requestId: newId('req'),
      log: deps.log,
      params: {},
      query: {},
    })
  })
  server.maxConnections = CONNECTIONS_MAX
  return server
}

function hotRoutes(routes: readonly Route[]): Map<string, RawRoute> {
  const hot = routes.filter((route) => route.kind === 'raw' && route.isHot) as RawRoute[]
  return new Map(hot.map((route) => [`${route.method} ${route.path}`, route]))
}

/** JSON and nothing else: a body of another type is 415, so a form of another site can do nothing. */
function acceptOnlyStrictJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseStrictJson(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
}

function answerErrors(app: FastifyInstance, deps: HttpDeps): void {
  app.setErrorHandler((error, request, reply) => {
    const answer = errorAnswer(toFailure(error), request.id, deps.log)
    return reply
      .code(answer.status)
      .headers({ ...SECURITY_HEADERS, ...answer.headers, 'x-request-id': request.id })
      .serializer(JSON.stringify)
      .type('application/json; charset=utf-8')
      .send(answer.body)
  })
  app.setNotFoundHandler((request) => {
    throw failures.routeUnknown(request.method)
  })
}

/** Fastify's own refusals, in our words; everything else passes through. */
function toFailure(error: unknown): unknown {
  const { code, validation, statusCode } = error as {
    code?: string
    validation?: readonly { instancePath: string; message?: string }[]
    statusCode?: number
  }
  if (validation) return failures.requestMalformed(validation)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return failures.bodyTooLarge()
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return failures.mediaType()
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return failures.requestBroken()
  return error
}

/** A route without a stated scope must not exist: it would answer everybody. */
function refuseUnguardedRoutes(app: FastifyInstance): void {
  app.addHook('onRoute', (options) => {
    if (!options.config?.route && !options.config?.isPublic && !options.url.startsWith('/docs/api'))
      throw new Error(
        `${String(options.method)} ${options.url} says neither who may call it nor that everybody may`,
      )
  })
}

function registerHealth(app: FastifyInstance, health: HealthChecks): void {
  const config = { isPublic: true }
  app.get('/live', { config, schema: { hide: true } }, () => ({ live: true }))
  app.get('/ready', { config, schema: { hide: true } }, async (_request, reply) => {
    const { ready, details } = await health.ready()
    return reply
      .code(ready ? 200 : 503)
      .headers(ready ? {} : { 'retry-after': '1' })
      .send({ ready, ...details })
  })
}

function register(app: FastifyInstance, route: Route, deps: HttpDeps): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { route },
    schema: routeSchema(route),
    ...(route.kind === 'raw' ? { validatorCompiler: acceptAnything } : {}),
    onRequest: async (request) => {
      if (route.kind === 'raw' && route.isHot) return // it authenticates by itself
      request.caller = await authorized(request, route, deps)
    },
    ...(route.kind === 'raw' ? { preParsing: handOver(route) } : {}),
    handler: (request, reply) =>
      route.kind === 'json' ? answer(route, request, reply, deps) : reply,
  })
}

const acceptAnything = () => () => true

async function authorized(request: FastifyRequest, route: Route, deps: HttpDeps): Promise<Caller> {
  const caller = await deps.authenticate(request.headers)
  if (!caller.scopes.has(route.scope)) throw failures.scopeMissing(route.scope)
  return caller
}

/** Gives the socket away before the body is read. */
function handOver(route: RawRoute) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: NodeJS.ReadableStream) => {
    reply.hijack()
    route.handleRaw(request.raw, reply.raw, {
      requestId: request.id,
      log: request.log as unknown as Logger,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, unknown>,
      ...(request.caller ? { caller: request.caller } : {}),
    })
    return payload
  }
}

/** One request is one transaction; the commit happens here, and before the answer. */
async function answer(
  route: JsonRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  deps: HttpDeps,
): Promise<FastifyReply> {
  const { caller } = request
  if (!caller) throw new Error('a route without a caller was reached')
  const systemNow = deps.clock()
  const call = {
    caller,
    systemNow,
    now: caller.environmentNow(systemNow),
    requestId: request.id,
    log: request.log as unknown as Logger,
  }
  const { params, query, body } = request
  const key = route.method === 'POST' ? idempotencyKey(request.headers['idempotency-key']) : null
  const prepared = await route.prepare?.({ ...call, params, query, body })
  const result: Reply<unknown> & { isReplay?: boolean } = await deps.db.inTransaction((tx) => {
    const work = () => route.handle({ ...call, params, query, body, prepared, tx })
    if (key === null) return work()
    const identity = {
      envId: caller.envId,
      route: `${route.method} ${route.path}`,
      caller: caller.keyId,
      key,
    }
    return once(
      tx,
      { ...identity, content: { params, query, body }, sealer: deps.sealer },
      systemNow,
      work,
    )
  })
  const late = await route.answerAfterCommit?.(call)
  return reply
    .code((late ?? result).status)
    .headers({
      ...SECURITY_HEADERS,
      'x-request-id': request.id,
      ...(result.isReplay ? { 'idempotent-replay': 'true' } : {}),
    })
    .send((late ?? result).body)
}

export const failures = {
  routeUnknown: (method: string) =>
    new Failure(
      'not_found',
      'route.unknown',
      `There is no ${method} at this address. The reference is at /docs/api.`,
    ),

  requestMalformed: (issues: readonly { instancePath: string; message?: string }[]) =>
    new Failure('malformed', 'request.malformed', issues.map(issueText).join('; '), {
      issues: issues.map(({ instancePath, message }) => ({ at: instancePath || '/', message })),
    }),

  bodyTooLarge: () =>
    new Failure('malformed', 'request.too_large', 'The body is larger than 1 MiB.'),

  mediaType: () =>
    new Failure(
      'malformed',
      'request.media_type',
      'Send the body as JSON with `Content-Type: application/json`.',
    ),

  requestBroken: () =>
    new Failure(
      'malformed',
      'request.broken',
      'The request could not be read as HTTP with a JSON body.',
    ),

  scopeMissing: (scope: string) =>
    new Failure(
      'forbidden',
      'auth.scope_missing',
      `This key may not do that: it lacks the scope "${scope}".`,
      { scope },
    ),
}

function issueText({ instancePath, message }: { instancePath: string; message?: string }): string {
  return `${instancePath.slice(1).replaceAll('/', '.') || 'the request'}: ${message ?? 'is malformed'}`
}
