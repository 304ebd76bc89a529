import { hash } from 'node:crypto'
import type { Decimal } from '@usageflow/pricing'
import { HOUR_MS } from './trigger.ts'

/**
 * `waiting`: not sent yet. `sending`: Stripe was called, and nobody knows yet what became of it. `sent`: Stripe has it.
 * `refused`: Stripe will not take it as it is. `carried`: less than a whole unit, which goes along with later usage.
 */
export const RECORD_STATES = ['waiting', 'sending', 'sent', 'refused', 'carried'] as const
export type RecordState = (typeof RECORD_STATES)[number]

/** Why it was refused: it may have come, and Stripe's sums do not tell. */
export const UNCLEAR = 'unclear'

/** One thing that is told to Stripe: by how much the usage of an hour differs from what was told of it before. */
export type SyncRecord = {
  readonly id: string
  readonly triggerId: string
  readonly customer: string
  /** The hour; of a quantity that is set, when the period of the item began at Stripe. */
  readonly at: Date
  readonly no: number
  /** In units of our meter; negative where usage was voided. */
  readonly counted: Decimal
  /** In whole units of Stripe; of a quantity that is set, all of it. */
  readonly value: bigint
  readonly state: RecordState
  /** Why it waits or was refused: a word of ours, or a code of Stripe. */
  readonly reason: string | null
  /** What Stripe said. */
  readonly reasonText: string | null
  readonly identifier: string
  readonly attempts: number
  /** Real time, like `sentAt` and `createdAt`: from then on Stripe may know the identifier. Null: it was never sent. */
  readonly sentFirstAt: Date | null
  readonly sentAt: Date | null
  /** Whom of Stripe it was sent for. */
  readonly customerRef: string | null
  /** The item of a subscription whose quantity is set; null: usage is sent, or no item was found yet. */
  readonly itemRef: string | null
  readonly createdAt: Date
}

/** By this Stripe knows again what comes twice. It follows from what is told, whoever tells it. At most 100 characters. */
export function identifierOf(
  triggerId: string,
  { customer, at, no }: Pick<SyncRecord, 'customer' | 'at' | 'no'>,
): string {
  const who = hash('sha256', customer, 'hex').slice(0, 24)
  return `${triggerId}-${who}-${at.getTime() / HOUR_MS}-${no}`
}

/** What people can do about it; null where nothing is wrong. */
export function adviceOf({ state, reason }: Pick<SyncRecord, 'state' | 'reason'>): string | null {
  if (reason === null) return null
  const known = ADVICE[reason]
  if (known !== undefined) return known
  return state === 'refused' ? 'Change at Stripe what `reasonText` names, then retry.' : null
}

/** Why a quantity waits or was refused. */
export const NO_ITEM = 'no_subscription_item'
export const SEVERAL_ITEMS = 'several_subscription_items'
export const PERIOD_OVER = 'period_over'

const ADVICE: Readonly<Record<string, string>> = {
  customer_not_linked:
    'Link the customer with PUT /api/v1/customers/{customerId}/stripe-customer; what waits is sent then.',
  key_refused:
    'Give a key that may write Billing Meter Events and read Billing Meters, with PUT /api/v1/stripe. It is tried each minute.',
  rate_limited: 'Nothing: Stripe is asked again, ever more slowly.',
  no_answer: 'Nothing: it is sent again under the same identifier, so that it counts once.',
  too_old:
    'Stripe takes nothing that is older than 35 days. Bill it by an invoice item there, if at all.',
  too_many_digits:
    'Stripe takes 15 digits. Make another trigger, with a smaller `multiplier` and a price to match.',
  [NO_ITEM]:
    'Add the price to a subscription of the customer at Stripe. It is looked for again when there is usage, or on POST /api/v1/stripe/triggers/{id}/retry.',
  [SEVERAL_ITEMS]:
    'The price stands in several live subscriptions of the customer, so nobody can tell which is meant. End all but one at Stripe, then retry.',
  [PERIOD_OVER]:
    'Stripe did not answer before the period of the item was over. See at Stripe whether its invoice has this quantity.',
  [UNCLEAR]:
    'It was sent a day ago without an answer, and the sum that Stripe has for the hour tells neither that it came nor that it did not: others write to this meter. See at Stripe whether there is an event of this `identifier`; retry if there is none.',
}
