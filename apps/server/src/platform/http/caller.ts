import type { IncomingHttpHeaders } from 'node:http'

/** What a key may do. Keys cannot manage keys, members or organizations: no scope says so. */
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
  'clock:write',
] as const

export type Scope = (typeof SCOPES)[number]

/** Who is calling: one API key of one environment. */
export type Caller = {
  readonly envId: number
  readonly organizationId: string
  readonly mode: 'live' | 'test'
  readonly keyId: string
  readonly scopes: ReadonlySet<string>
  /** Whether events that no meter reads are refused (422) rather than stored. */
  readonly refusesUnknownMeters: boolean
  /** The environment's time when it is really `systemNow`; at most half a second behind a moved clock. */
  environmentNow(systemNow: Date): Date
}

/**
 * Finds out who is calling. Throws `auth.*` failures (401) for a missing, malformed, unknown, expired
 * or revoked key and when two credentials are sent.
 */
export type Authenticate = (headers: IncomingHttpHeaders) => Caller | Promise<Caller>
