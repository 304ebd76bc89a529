import type { Decimal } from '@usageflow/pricing'
import { later } from '../platform/instant.ts'
import type { Timeline } from './term.ts'

/** An add-on that a subscription has in `[from, until)`; `until: null` means as long as it lasts. */
export type AttachedAddOn = {
  readonly id: string
  readonly subscriptionId: string
  readonly addOnId: string
  /** How often its amount is due. */
  readonly quantity: Decimal
  readonly from: Date
  readonly until: Date | null
}

/**
 * When what is charged once is charged: as soon as the subscription is billed, so after a trial or a
 * pause. Null: nothing is billed any more.
 */
export function chargedOnceAt(terms: Timeline, from: Date): Date | null {
  const billed = terms.find(
    ({ kind, until }) => kind === 'billed' && (until === null || until > from),
  )
  return billed ? later(billed.since, from) : null
}
