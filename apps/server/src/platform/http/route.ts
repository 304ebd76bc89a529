import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import type { Failure } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { AccountRoute } from './account-route.ts'
import type { Words } from './answer.ts'
import type { Caller, Scope } from './caller.ts'
import type { PortalRoute } from './portal-route.ts'
import type { Streamed } from './stream.ts'

/** What every handler is given, whatever its route. */
export type Call = {
  readonly caller: Caller
  readonly requestId: string
  readonly log: Logger
  /** Real time at the arrival of the request. */
  readonly systemNow: Date
  /** The environment's time: what every rule about amounts and periods goes by. */
  readonly now: Date
}

/** What a handler is given besides: the validated parts of its request, and one open transaction. */
export type Request<Params, Query, Body, Prepared = undefined> = Parts<Params, Query, Body> & {
  readonly tx: Tx
  /** What `prepare` has found out. */
  readonly prepared: Prepared
}

/** What every handler is given before the transaction begins. */
export type Parts<Params, Query, Body> = Call & {
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

/** What is given whoever may answer with a stream: no transaction is open, and none should be for long. */
export type StreamRequest<Params, Query, Body> = Parts<Params, Query, Body> & {
  readonly accept: string | undefined
  readonly inTransaction: Database['inTransaction']
}

export type Reply<Body> = {
  readonly status: number
  readonly body: Body
  /** Whose log of changes tells of it, where the path does not name the organization. */
  readonly organizationId?: string
}

type RouteText = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Fastify's pattern, like `/api/v1/invoices/:invoiceId`. */
  readonly path: string
  /** The feature, for the reference page. */
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** What the caller must be allowed to do. */
  readonly scope: Scope
  /** It belongs to usage itself, of which there is too much for the log of changes. */
  readonly isUsage?: true
  /** Sent again it does nothing twice, by what it is sent: no answer is kept for an `Idempotency-Key`. */
  readonly isRepeatable?: true
  /** Every failure it can answer with, besides the ones that all routes share. */
  readonly failures?: readonly ((...args: never[]) => Failure)[]
  /** It answers the clients of another product, in whose words it fails, and stands in no document of ours. */
  readonly words?: Words
}

type RouteSchemas = {
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** By status; what a schema does not name is not sent. */
  readonly replies: Readonly<Record<number, z.ZodType>>
}

/** A route whose request fits in memory and is one transaction. */
export type JsonRoute = RouteText &
  RouteSchemas & {
    readonly kind: 'json'
    /** Asks the outside world, like its name servers, before the transaction begins: it must not wait for them. */
    prepare?(request: Parts<unknown, unknown, unknown>): Promise<unknown>
    /** Answers with a stream instead of `handle`; null: not this request. */
    stream?(request: StreamRequest<unknown, unknown, unknown>): Streamed | null
    handle(request: Request<unknown, unknown, unknown, unknown>): Promise<Reply<unknown>>
    /** Waits, after the commit, for what the request set going, and gives the answer instead. */
    answerAfterCommit?(call: Call): Promise<Reply<unknown>>
    /** Instead of `handle`, outside of any transaction: of a route that must be quick and only reads. */
    read?(request: Parts<unknown, unknown, unknown>): Promise<Reply<unknown>>
  }

/** A route that reads or writes the socket itself: streams, and the one path that must be fast. */
export type RawRoute = RouteText &
  RouteSchemas & {
    readonly kind: 'raw'
    /** Also answers before the router when the request line is exactly `method path`. */
    readonly isHot: boolean
    /** Answers everything itself, failures included, and never rejects. Authenticates by itself when hot. */
    handleRaw(request: IncomingMessage, response: ServerResponse, context: RawContext): void
  }

export type RawContext = {
  /** Who is calling; missing on a hot route, which finds out by itself. */
  readonly caller?: Caller
  readonly requestId: string
  readonly log: Logger
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  /** How the route says that it failed, if not in ours. */
  readonly words?: Words
  /** From now on the body may take any time, as long as it keeps coming. */
  allowStream(): void
}

/** A route of an environment, for keys and for members who have signed in. */
export type EnvironmentRoute = JsonRoute | RawRoute

export type Route = EnvironmentRoute | AccountRoute | PortalRoute

type Infer<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined

/**
 * Declares a route. From the one value come the registration, the OpenAPI document, the reference
 * page, and the test that tries every route with every kind of caller.
 */
export function route<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  Prepared = undefined,
>(
  definition: RouteText & {
    readonly params?: P
    readonly query?: Q
    readonly body?: B
    readonly replies: Readonly<Record<number, z.ZodType>>
    prepare?(request: Parts<Infer<P>, Infer<Q>, Infer<B>>): Promise<Prepared>
    stream?(request: StreamRequest<Infer<P>, Infer<Q>, Infer<B>>): Streamed | null
    handle(request: Request<Infer<P>, Infer<Q>, Infer<B>, Prepared>): Promise<Reply<unknown>>
    answerAfterCommit?(call: Call): Promise<Reply<unknown>>
  },
): JsonRoute {
  return { ...definition, kind: 'json' } as unknown as JsonRoute // the schemas of the same value validate what `handle` gets
}

/** Declares a route that only reads, and opens a transaction by itself where it needs one. */
export function readRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(
  definition: Omit<RouteText, 'method'> & {
    readonly params?: P
    readonly query?: Q
    readonly replies: Readonly<Record<number, z.ZodType>>
    read(request: Parts<Infer<P>, Infer<Q>, undefined>): Promise<Reply<unknown>>
  },
): JsonRoute {
  const handle = () => Promise.reject(new Error('a route that only reads is not handled'))
  return { ...definition, method: 'GET', kind: 'json', handle } as unknown as JsonRoute // as in `route`
}

/** Declares a route that always answers with a stream. */
export function streamRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(
  definition: RouteText & {
    readonly params?: P
    readonly query?: Q
    readonly replies: Readonly<Record<number, z.ZodType>>
    stream(request: StreamRequest<Infer<P>, Infer<Q>, undefined>): Streamed
  },
): JsonRoute {
  const handle = () => Promise.reject(new TypeError('it always answers with a stream'))
  return { ...definition, kind: 'json', handle } as unknown as JsonRoute // as above
}

/** Declares a route that owns its socket. */
export function rawRoute(definition: Omit<RawRoute, 'kind'>): RawRoute {
  return { ...definition, kind: 'raw' }
}
