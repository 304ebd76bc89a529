import type { Tx } from '../db/transaction.ts'
import type { Actor } from './caller.ts'

/** A change that a request has made, or what it has read of what is sensitive, for the log. */
export type Change = {
  readonly organizationId: string
  /** Null when the organization itself was changed. */
  readonly envId: number | null
  readonly actor: Actor
  /** Like `POST /api/v1/plans`, or `usageflow key create`. */
  readonly action: string
  /** The id of what was changed, where it has one. */
  readonly target: string | null
  readonly requestId: string
  /** Real time at the arrival of the request. */
  readonly at: Date
  /** What was sent: it may hold secrets, which must not be kept. */
  readonly sent: unknown
}

/** Notes a change in the transaction that makes it. */
export type NoteChange = (tx: Tx, change: Change) => Promise<void>

/** The id of what a request was about: the last that its path names, or the one it made. */
export function targetOf(params: unknown, made: unknown): string | null {
  const { organizationId: _, ...named } = (params ?? {}) as Record<string, unknown>
  const last = Object.values(named).at(-1) ?? (made as { id?: unknown } | undefined)?.id
  return last === undefined ? null : String(last)
}
