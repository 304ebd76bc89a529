import Stripe from 'stripe'
import type { Account } from '../stripe/account.ts'
import { isDefinite, isRefusal } from '../stripe/stripe-api.ts'
import type { SyncRecord } from './sync-record.ts'
import { HOUR_MS, type StripeMeter } from './trigger.ts'
import { CALL_MS, TEXT_MAX } from './turn.ts'

/** What became of a call. `unknown`: it may have been done or not, and is to be made again. */
export type Outcome =
  | { readonly status: 'sent' }
  | { readonly status: 'refused'; readonly reason: string; readonly text: string | null }
  | { readonly status: 'unknown'; readonly reason: string }

/** Sends a record as an event of the meter. Never throws what Stripe throws, but for a refused key. */
export async function sendUsage(
  { client }: Account,
  meter: StripeMeter,
  {
    at,
    value,
    identifier,
    customerRef,
  }: Pick<SyncRecord, 'at' | 'value' | 'identifier' | 'customerRef'>,
): Promise<Outcome> {
  try {
    const payload = { [meter.customerKey]: customerRef ?? '', [meter.valueKey]: String(value) }
    const timestamp = at.getTime() / 1_000
    const event = { event_name: meter.eventName, identifier, timestamp, payload }
    await client.billing.meterEvents.create(event, { timeout: CALL_MS })
    return { status: 'sent' }
  } catch (error) {
    return outcomeOf(error)
  }
}

/** What an error says of an event. That Stripe has one of this identifier already is as good as a yes. */
export function outcomeOf(error: unknown): Outcome {
  if (isRefusal(error)) throw error
  if (isDefinite(error)) {
    if (/already exists with identifier/i.test(error.message)) return { status: 'sent' }
    const reason = error.code ?? 'invalid_request'
    return { status: 'refused', reason, text: error.message.slice(0, TEXT_MAX) }
  }
  const isLimited = error instanceof Stripe.errors.StripeError && error.statusCode === 429
  return { status: 'unknown', reason: isLimited ? 'rate_limited' : 'no_answer' }
}

/** What Stripe has counted of a customer from one hour up to another. Throws what Stripe throws. */
export async function sumAtStripe(
  { client }: Account,
  meter: StripeMeter,
  asked: { readonly customerRef: string; readonly from: Date; readonly to: Date },
): Promise<bigint> {
  const { data } = await client.billing.meters.listEventSummaries(meter.ref, {
    customer: asked.customerRef,
    start_time: asked.from.getTime() / 1_000,
    end_time: asked.to.getTime() / 1_000,
  })
  return data.reduce((sum, { aggregated_value: value }) => sum + BigInt(Math.round(value)), 0n)
}

/** What the sum of an hour tells of a record, if all else that we sent of that hour comes to `sentBefore`. */
export async function askOfHour(
  account: Account,
  meter: StripeMeter,
  { at, value, customerRef }: SyncRecord,
  sentBefore: bigint,
): Promise<'came' | 'absent' | 'unclear'> {
  const to = new Date(at.getTime() + HOUR_MS)
  const found = await sumAtStripe(account, meter, { customerRef: customerRef ?? '', from: at, to })
  if (found === sentBefore + value) return 'came'
  return found === sentBefore ? 'absent' : 'unclear'
}
