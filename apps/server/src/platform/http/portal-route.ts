import type { z } from 'zod'
import type { Tx } from '../db/transaction.ts'
import type { Failure } from '../errors.ts'
import type { Credentials } from './caller.ts'
import type { Reply } from './route.ts'

/** Somebody who has opened a link to the portal: they see one customer of one environment. */
export type Visitor = {
  readonly linkId: string
  readonly envId: number
  readonly organizationId: string
  readonly mode: 'live' | 'test'
  /** The organization's own name for the customer. */
  readonly customer: string
  readonly allowsPlanChange: boolean
  /** Where the organization wants them to go back to. */
  readonly returnUrl: string | null
  readonly expiresAt: Date
  /** The environment's time when it is really `systemNow`. */
  environmentNow(systemNow: Date): Date
}

/** Finds out who is visiting the portal. */
export type Portal = {
  /** Throws `portal.*` failures: 401 without a link that is good, 429 for too many requests. In `tx` it is the same request once more. */
  identify(request: Credentials, tx?: Tx): Promise<Visitor>
}

type PortalRequest<Params, Query, Body> = {
  readonly tx: Tx
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Of whoever connects. */
  readonly address: string
  readonly requestId: string
  readonly systemNow: Date
}

/** A file in place of JSON. */
export type PortalFile = {
  readonly type: string
  readonly name: string
  readonly bytes: Buffer
}

type PortalText = {
  readonly path: string
  readonly summary: string
  readonly description?: string
  /** Every failure it can answer with, besides the ones that all routes share. */
  readonly failures?: readonly ((...args: never[]) => Failure)[]
}

/** A route for the customers of an organization: no key and no session opens it. */
export type PortalRoute = PortalText & {
  readonly kind: 'portal'
  readonly method: 'GET' | 'POST'
  readonly tag: string
  readonly access: 'anybody' | 'portal_link'
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly replies: Readonly<Record<number, z.ZodType>>
  /** Before the transaction begins: what must stay counted although the request fails, and what others are asked. */
  prepare?(request: {
    readonly address: string
    readonly systemNow: Date
    readonly visitor: Visitor | null
  }): Promise<unknown>
  handle(
    request: PortalRequest<unknown, unknown, unknown> & {
      readonly visitor: Visitor | null
      /** What `prepare` has found out. */
      readonly prepared: unknown
      /** The environment's time; the real one where no environment is known. */
      readonly now: Date
    },
  ): Promise<PortalReply>
}

/** `changed`: the id of what was changed, for the log. */
type PortalReply = (Reply<unknown> | { readonly status: 200; readonly file: PortalFile }) & {
  readonly headers?: Readonly<Record<string, string>>
  readonly changed?: string
}

type Infer<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined

type Visit<P extends z.ZodType | undefined, Q extends z.ZodType | undefined, B> = PortalRequest<
  Infer<P>,
  Infer<Q>,
  B
> & { readonly visitor: Visitor; readonly now: Date }

/** Declares what is read by whoever has a link. */
export function visitRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(
  definition: PortalText & {
    readonly params?: P
    readonly query?: Q
    readonly replies: Readonly<Record<number, z.ZodType>>
    handle(request: Visit<P, Q, undefined>): Promise<PortalReply>
  },
): PortalRoute {
  const of = { kind: 'portal', method: 'GET', tag: 'Portal', access: 'portal_link' } as const
  return { ...definition, ...of } as unknown as PortalRoute // the schemas of the same value validate what `handle` gets
}

/** Declares what is asked or done by whoever has a link, with a body. */
export function visitorsRoute<
  B extends z.ZodType,
  P extends z.ZodType | undefined = undefined,
  Prepared = undefined,
>(
  definition: PortalText & {
    readonly params?: P
    readonly body: B
    readonly replies: Readonly<Record<number, z.ZodType>>
    /** Asks others before the transaction begins: nobody else is waited for in one. */
    prepare?(request: { readonly visitor: Visitor }): Promise<Prepared>
    handle(
      request: Visit<P, undefined, z.output<B>> & { readonly prepared: Prepared },
    ): Promise<PortalReply>
  },
): PortalRoute {
  const of = { kind: 'portal', method: 'POST', tag: 'Portal', access: 'portal_link' } as const
  return { ...definition, ...of } as unknown as PortalRoute // as above
}

/** Declares how one gets in. */
export function entryRoute<B extends z.ZodType>(
  definition: PortalText & {
    readonly body: B
    readonly replies: Readonly<Record<number, z.ZodType>>
    prepare(request: { readonly address: string; readonly systemNow: Date }): Promise<void>
    handle(request: PortalRequest<undefined, undefined, z.output<B>>): Promise<PortalReply>
  },
): PortalRoute {
  const of = { kind: 'portal', method: 'POST', tag: 'Portal', access: 'anybody' } as const
  return { ...definition, ...of } as unknown as PortalRoute // as above
}
