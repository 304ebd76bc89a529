import type { z } from 'zod'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import type { Failure } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Credentials, Member, OrganizationPermission, Person } from './caller.ts'
import type { Reply } from './route.ts'
import type { Streamed } from './stream.ts'

/** What every handler of a route for people is given; `tx` is one open transaction. */
export type AccountRequest<Params, Query, Body> = {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly headers: Credentials['headers']
  readonly tx: Tx
  readonly requestId: string
  readonly log: Logger
  /** Real time at the arrival of the request. */
  readonly systemNow: Date
}

/** What is given whoever answers with a stream: no transaction is open, and none should be for long. */
export type AccountStreamRequest<Params, Query> = {
  readonly params: Params
  readonly query: Query
  readonly member: Member
  readonly inTransaction: Database['inTransaction']
}

type AccountText = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** It changes nothing, and yet the log tells who has read it. */
  readonly isSensitive?: true
  /** It is open while the organization waits to be erased. */
  readonly isOpenAfterDeletion?: true
  /** Every failure it can answer with, besides the ones that all routes share. */
  readonly failures?: readonly ((...args: never[]) => Failure)[]
}

/** A route for people instead of programs: it belongs to no environment, and no key opens it. */
export type AccountRoute = AccountText & {
  readonly kind: 'account'
  /** Everybody, whoever has signed in, or members whose role has the permission in the organization of the path. */
  readonly access: 'anybody' | 'signed_in' | OrganizationPermission
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly replies: Readonly<Record<number, z.ZodType>>
  /** Asks the outside world before the transaction begins: it must not wait for it. */
  prepare?(request: {
    readonly member: Member | null
    readonly body: unknown
    readonly log: Logger
  }): Promise<unknown>
  handle(
    request: AccountRequest<unknown, unknown, unknown> & {
      readonly person: Person | null
      readonly member: Member | null
      /** What `prepare` has found out. */
      readonly prepared: unknown
    },
  ): Promise<Reply<unknown>>
  /** Answers with a stream instead of `handle`. */
  stream?(request: AccountStreamRequest<unknown, unknown>): Streamed
}

type Infer<S extends z.ZodType | undefined> = S extends z.ZodType ? z.output<S> : undefined

type Definition<P, Q, B, Who> = AccountText & {
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly replies: Readonly<Record<number, z.ZodType>>
  handle(
    request: AccountRequest<
      Infer<Extract<P, z.ZodType | undefined>>,
      Infer<Extract<Q, z.ZodType | undefined>>,
      Infer<Extract<B, z.ZodType | undefined>>
    > &
      Who,
  ): Promise<Reply<unknown>>
}

/** Declares a route that answers everybody. */
export function publicRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(definition: Definition<P, Q, undefined, unknown>): AccountRoute {
  return { ...definition, kind: 'account', access: 'anybody' } as unknown as AccountRoute // the schemas of the same value validate what `handle` gets
}

/** Declares a route for whoever has signed in. */
export function personRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(definition: Definition<P, Q, B, { readonly person: Person }>): AccountRoute {
  return { ...definition, kind: 'account', access: 'signed_in' } as unknown as AccountRoute // as above
}

/** Declares a route for members of the organization that `:organizationId` of its path names. */
export function memberRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  Prepared = undefined,
>(
  definition: Definition<
    P,
    Q,
    B,
    { readonly person: Person; readonly member: Member; readonly prepared: Prepared }
  > & {
    readonly access: OrganizationPermission
    prepare?(request: {
      readonly member: Member
      readonly body: Infer<Extract<B, z.ZodType | undefined>>
      readonly log: Logger
    }): Promise<Prepared>
  },
): AccountRoute {
  return { ...definition, kind: 'account' } as unknown as AccountRoute // as above
}

/** Declares a route for members that answers with a stream. Whatever leaves in one is noted in the log. */
export function memberStreamRoute<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
>(
  definition: Omit<AccountText, 'method'> & {
    readonly access: OrganizationPermission
    readonly params?: P
    readonly query?: Q
    readonly replies: Readonly<Record<number, z.ZodType>>
    stream(request: AccountStreamRequest<Infer<P>, Infer<Q>>): Streamed
  },
): AccountRoute {
  const handle = () => Promise.reject(new TypeError('it always answers with a stream'))
  return {
    ...{ ...definition, method: 'GET', kind: 'account', isSensitive: true, handle },
  } as unknown as AccountRoute // as above
}
