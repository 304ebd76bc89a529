import type { Decimal } from '@usageflow/pricing'

export const HOLD_STATUSES = ['open', 'committed', 'released', 'expired'] as const
export type HoldStatus = (typeof HOLD_STATUSES)[number]

/** Units of a meter that are kept free for work under way. Open until it is committed, released or expires. */
export type Hold = {
  readonly id: string
  readonly customer: string
  readonly meterId: string
  /** The caller's own name for the work; null: it has none. */
  readonly key: string | null
  readonly units: Decimal
  readonly status: HoldStatus
  /** What the work has used, once it is committed. */
  readonly used: Decimal | null
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly closedAt: Date | null
}

/** What was granted for the time of a reservation can be committed for so long after. */
export const HOLD_MS_MAX = 60 * 60 * 1_000

/** Whether it still keeps units free: an expired one does not, even before anybody has written that down. */
export function isOpenAt({ status, expiresAt }: Hold, at: Date): boolean {
  return status === 'open' && at < expiresAt
}
