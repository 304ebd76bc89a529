import { type Identity, networkOf } from '@usageflow/policy'
import type { Actor } from '../platform/http/caller.ts'

export const BLOCK_KINDS = ['customer', 'network'] as const satisfies readonly Identity['kind'][]

/** Somebody who is let through nowhere. */
export type Block = {
  readonly id: string
  readonly blocked: Identity
  /** For people: it is told to nobody outside. */
  readonly reason: string
  /** In real time; null: until it is removed. */
  readonly until: Date | null
  /** Who said so last; null: it was not noted then. */
  readonly actor: Actor | null
  readonly createdAt: Date
}

const NOBODY_KNOWN = networkOf('')

/**
 * Whom a block holds, as requests are told apart: of an address its network. Null for a text that is neither an
 * address nor a network, which would hold nobody.
 */
export function whomToBlock({ kind, id }: Identity): Identity | null {
  if (kind === 'customer' || id === NOBODY_KNOWN) return { kind, id }
  const network = networkOf(id.replace(/\/64$/, ''))
  const isWidened = id.endsWith('/64') && !network.endsWith('/64') // an address of IPv4 has no /64
  return network === NOBODY_KNOWN || isWidened ? null : { kind, id: network }
}
