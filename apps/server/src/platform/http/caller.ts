import type { IncomingMessage } from 'node:http'
import type { Tx } from '../db/transaction.ts'
import type { Failure } from '../errors.ts'

/** What may be done in an environment. Keys cannot manage keys, members or organizations: no scope says so. */
export const SCOPES = [
  'usage:write',
  'usage:read',
  'catalog:read',
  'catalog:write',
  'customers:read',
  'customers:write',
  'billing:read',
  'billing:write',
  'webhooks:read',
  'webhooks:write',
  'control:read',
  'control:write',
  'control:report',
  'clock:write',
] as const

export type Scope = (typeof SCOPES)[number]

/** What may be done with an organization, by a person alone. */
export const ORGANIZATION_PERMISSIONS = [
  'organization:read',
  'organization:write',
  'organization:own',
  'members:read',
  'members:write',
  'sign_on:write',
  'keys:read',
  'keys:write',
  'audit:read',
] as const

export type OrganizationPermission = (typeof ORGANIZATION_PERMISSIONS)[number]

/** Who did it, for the log of changes. An operator works at the command line of the installation, a customer in the portal. */
export type Actor = {
  readonly kind: 'key' | 'user' | 'operator' | 'system' | 'customer'
  readonly id: string
}

/** Who is calling: an API key of one environment, or a member of its organization who has signed in. */
export type Caller = {
  readonly envId: number
  readonly organizationId: string
  readonly mode: 'live' | 'test'
  readonly actor: Actor
  readonly scopes: ReadonlySet<string>
  /** Why this caller may not do what needs the scope. */
  mayNot(scope: Scope): Failure
  /** Whether events that no meter reads are refused (422) rather than stored. */
  readonly refusesUnknownMeters: boolean
  /** The environment's time when it is really `systemNow`; at most half a second behind a moved clock. */
  environmentNow(systemNow: Date): Date
}

/** What of a request says who sent it. */
export type Credentials = Pick<IncomingMessage, 'headers' | 'method'>

/**
 * Finds out who is calling. Throws `auth.*` failures (401) for a missing, malformed, unknown, expired
 * or revoked key or session and when two credentials are sent. In `tx` it asks the database, whatever it remembers.
 */
export type Authenticate = (request: Credentials, tx?: Tx) => Caller | Promise<Caller>

/** Throws `auth.scope_missing` or `auth.role_forbids`. */
export function assertMay(caller: Caller, scope: Scope): void {
  if (!caller.scopes.has(scope)) throw caller.mayNot(scope)
}

/** Somebody who has signed in. */
export type Person = {
  readonly userId: string
  readonly sessionId: string
  readonly email: string
  readonly name: string
  readonly emailVerified: boolean
  readonly twoFactor: boolean
}

/** The person's place in the organization that a path names. */
export type Member = { readonly organizationId: string; readonly role: string }

/** Finds out which person is calling, and what they are in an organization; in `tx` where one is open. */
export type People = {
  /** Throws `auth.*` failures (401, 403) when nobody has signed in or another site sent the request. */
  identify(request: Credentials, tx?: Tx): Promise<Person>
  /** Throws `organization.unknown` (404) for who is no member, `organization.deleted` and `auth.role_forbids` (403). */
  memberOf(
    person: Person,
    organizationId: string,
    needs: { readonly permission: OrganizationPermission; readonly isOpenAfterDeletion: boolean },
    tx?: Tx,
  ): Promise<Member>
}
