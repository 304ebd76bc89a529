import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import { newId } from '../id.ts'
import type { Logger } from '../log.ts'
import type { Sealer } from '../secrets/seal.ts'
import { errorAnswer, inWords, SECURITY_HEADERS } from './answer.ts'
import { type AccountCaller, answerAccount, authorizedPerson } from './answer-account.ts'
import { answerJson } from './answer-json.ts'
import { answerPortal, identifiedVisitor } from './answer-portal.ts'
import { type Authority, authorityOf } from './authority.ts'
import { type Authenticate, assertMay, type Caller, type People, SCOPES } from './caller.ts'
import { type FailureFactory, registerErrorsPage } from './errors-page.ts'
import { createNodeServer, type Gate } from './node-server.ts'
import type { NoteChange } from './note-change.ts'
import { registerReference, routeSchema } from './openapi.ts'
import type { Portal, Visitor } from './portal-route.ts'
import { failures, toFailure } from './request-failures.ts'
import type { EnvironmentRoute, RawRoute, Route } from './route.ts'
import type { Site } from './site.ts'
import { parseStrictJson } from './strict-json.ts'

export type HttpDeps = {
  readonly db: Database
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly authenticate: Authenticate
  /** Who may call the routes for people; without it there are none. */
  readonly people?: People
  /** Who may call the routes of the portal; without it there are none. */
  readonly portal?: Portal
  /** Notes every change that a route makes, in its transaction. */
  readonly noteChange?: NoteChange
  /** Who may say in `X-Forwarded-For` whom a request comes from. From everybody else the header is ignored. */
  readonly trustedProxies?: readonly string[]
  /** Adds what is no route of ours, like the paths of a library. */
  mount?(app: FastifyInstance): void
  /** Answered at `/live` and `/ready`, to anybody. */
  readonly health: HealthChecks
  /** The pages for people; without one, the server answers programs only. */
  readonly site?: Site
  /** What `authenticate` can throw, for the page of errors. */
  readonly authFailures?: readonly FailureFactory[]
}

export type HealthChecks = {
  /** Resolves to what stands in the way of serving; empty when ready. */
  ready(): Promise<{ ready: boolean; details: Readonly<Record<string, unknown>> }>
}

const BODY_BYTES_MAX = 1024 * 1024

declare module 'fastify' {
  interface FastifyRequest {
    caller: Authority<Caller> | null
    account: Authority<AccountCaller> | null
    visitor: Authority<Visitor | null> | null
  }
  interface FastifyContextConfig {
    route?: Route
    isPublic?: boolean
  }
  interface FastifyInstance {
    /** What answers everybody and is no route of ours, like `GET /live`. */
    readonly publicPaths: string[]
  }
}

/** Builds the HTTP side from the routes. It listens to nothing until told. Throws for a route without a scope. */
export async function buildHttpServer(
  routes: readonly Route[],
  deps: HttpDeps,
): Promise<FastifyInstance> {
  const { app, gate } = createApp(routes, deps)
  app.setValidatorCompiler(validatorCompiler)
  app.decorateRequest('caller', null)
  app.decorateRequest('account', null)
  app.decorateRequest('visitor', null)
  app.addHook('onRequest', guardEveryAnswer)
  app.addHook('preClose', async () => gate.shut())
  app.addHook('onClose', async () => gate.stop())
  acceptOnlyStrictJson(app)
  answerErrors(app, deps)
  refuseUnguardedRoutes(app)
  registerHealth(app, deps.health)
  await registerReference(app)
  registerErrorsPage(app, routes, deps.authFailures ?? [])
  for (const route of routes) register(app, route, { ...deps, gate })
  deps.mount?.(app)
  await app.ready()
  return app
}

function createApp(routes: readonly Route[], deps: HttpDeps): { app: FastifyInstance; gate: Gate } {
  let gate: Gate | undefined
  const app = fastify({
    serverFactory: (handler) => {
      gate = createNodeServer(handler, routes, deps.log)
      return gate.server
    },
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: () => newId('req'),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: deps.trustedProxies?.length ? [...deps.trustedProxies] : false,
    return503OnClosing: false, // `gate` does that, also for the hot routes
    frameworkErrors: (error, request, reply) => {
      sendFailure(error, request as FastifyRequest, reply as FastifyReply, deps.log)
    },
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 300 },
  }) as FastifyInstance
  if (!gate) throw new Error('the framework made no server')
  return { app, gate }
}

/** Before anything else, so that no answer goes without: not those of the framework, nor an error. */
async function guardEveryAnswer(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers({ ...SECURITY_HEADERS, 'x-request-id': request.id })
  if (request.url.includes('%00')) throw failures.nulInAddress() // no text in the database can hold one
}

/** JSON and nothing else: no form of another site can send it without asking the browser first. */
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

function answerErrors(app: FastifyInstance, { log, site }: HttpDeps): void {
  app.setErrorHandler((error, request, reply) => sendFailure(error, request, reply, log))
  app.setNotFoundHandler((request, reply) => {
    if (site?.answer(request, reply)) return
    throw failures.routeUnknown(request.method)
  })
}

function sendFailure(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  const { route } = request.routeOptions?.config ?? {}
  const words = route && 'words' in route ? route.words : undefined
  const answer = inWords(errorAnswer(toFailure(error), request.id, log), words)
  return reply
    .code(answer.status)
    .headers({ ...SECURITY_HEADERS, ...answer.headers, 'x-request-id': request.id })
    .type(answer.type)
    .send(JSON.stringify(answer.body))
}

/** A route that does not say who may call it must not exist: it would answer everybody. */
function refuseUnguardedRoutes(app: FastifyInstance): void {
  const publicPaths: string[] = []
  app.decorate('publicPaths', publicPaths)
  app.addHook('onRoute', ({ config, method, url }) => {
    const isGuarded = config?.route !== undefined && saysWho(config.route)
    if (!isGuarded && !config?.isPublic)
      throw new Error(`${method} ${url} says neither who may call it nor that everybody may`)
    if (!isGuarded) publicPaths.push(...[method].flat().map((one) => `${one} ${url}`))
  })
}

function saysWho(route: Route): boolean {
  return 'access' in route ? route.access !== undefined : SCOPES.includes(route.scope)
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

function register(app: FastifyInstance, route: Route, deps: HttpDeps & { gate: Gate }): void {
  app.route({
    method: route.method,
    url: route.path,
    config: { route },
    schema: routeSchema(route),
    serializerCompiler: () => JSON.stringify, // answers come encoded, and are checked before the commit
    ...(route.kind === 'raw' ? { validatorCompiler: acceptAnything } : {}),
    onRequest: async (request) => {
      if (route.kind === 'raw' && route.isHot) return // it authenticates by itself
      if (route.kind === 'account')
        request.account = await authorityOf((tx) =>
          authorizedPerson(route, request, deps.people, tx),
        )
      else if (route.kind === 'portal')
        request.visitor = await authorityOf((tx) =>
          identifiedVisitor(route, request, deps.portal, tx),
        )
      else request.caller = await authorityOf((tx) => authorized(request, route, deps, tx))
    },
    ...(route.kind === 'raw' ? { preParsing: handOver(route, deps.gate) } : {}),
    handler: (request, reply) => {
      if (route.kind === 'account') return answerAccount(route, request, reply, deps)
      if (route.kind === 'portal') return answerPortal(route, request, reply, deps)
      return route.kind === 'json' ? answerJson(route, request, reply, deps) : reply
    },
  })
}

const acceptAnything = () => () => true

async function authorized(
  request: FastifyRequest,
  route: EnvironmentRoute,
  deps: HttpDeps,
  tx?: Tx,
): Promise<Caller> {
  const caller = await deps.authenticate(request.raw, tx)
  assertMay(caller, route.scope)
  return caller
}

/** Gives the socket away before the body is read. */
function handOver(route: RawRoute, gate: Gate) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: NodeJS.ReadableStream) => {
    reply.hijack()
    route.handleRaw(request.raw, reply.raw, {
      requestId: request.id,
      log: request.log as unknown as Logger,
      params: request.params as Record<string, string>,
      query: request.query as Record<string, unknown>,
      allowStream: () => gate.allowStream(request.raw),
      ...(request.caller ? { caller: request.caller.who } : {}),
      ...(route.words ? { words: route.words } : {}),
    })
    return payload
  }
}
