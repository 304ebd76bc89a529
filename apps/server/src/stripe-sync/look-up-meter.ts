import type Stripe from 'stripe'
import { type Account, askedFor, boundAccount, type StripeDeps } from '../stripe/account.ts'
import { isMissing } from '../stripe/stripe-api.ts'
import { failures } from './failures.ts'
import type { StripeMeter } from './trigger.ts'

/** Which meter of Stripe is meant: that of a price, or the one that has events of this name. */
export type MeterWanted = { readonly priceId: string | null; readonly eventName: string | null }

/** A meter as Stripe has it now, and at which account. */
export type FoundMeter = { readonly accountId: string; readonly meter: StripeMeter }

/**
 * Asks Stripe. A name goes before the meter of the price, which must be there all the same. Throws
 * `stripe.meter_not_named`, `stripe.price_unknown`, `stripe.price_not_metered`, `stripe.event_name_unknown`,
 * `stripe.meter_not_a_sum`, and what `boundAccount` and `askedFor` throw.
 */
export async function lookUpMeter(
  deps: StripeDeps,
  envId: number,
  wanted: MeterWanted,
): Promise<FoundMeter> {
  const { priceId, eventName } = wanted
  if (priceId === null && eventName === null) throw failures.meterNotNamed()
  const account = await boundAccount(deps, envId)
  const meter = await askedFor(deps, envId, async () => {
    const ofPrice = priceId === null ? null : await meterOfPrice(account, priceId)
    const named = eventName === null ? null : await meterOfEvents(account, eventName)
    return named ?? ofPrice
  })
  if (meter === null) throw failures.meterNotNamed()
  return {
    accountId: account.id,
    meter: addingUp(meter, eventName === null ? '/priceId' : '/eventName'),
  }
}

async function meterOfPrice({ client }: Account, priceId: string): Promise<Stripe.Billing.Meter> {
  const price = await client.prices.retrieve(priceId).catch((error: unknown) => {
    throw isMissing(error) ? failures.priceUnknown(priceId) : error
  })
  const meterRef = price.recurring?.meter
  if (!meterRef) throw failures.priceNotMetered(priceId)
  return client.billing.meters.retrieve(meterRef)
}

async function meterOfEvents({ client }: Account, name: string): Promise<Stripe.Billing.Meter> {
  for await (const meter of client.billing.meters.list({ status: 'active', limit: PAGE }))
    if (meter.event_name === name) return meter
  throw failures.eventNameUnknown(name)
}

const PAGE = 100

/** Stripe keeps the last event of a window of time only, where a meter has one. `at`: the field that names it. */
function addingUp(meter: Stripe.Billing.Meter, at: string): StripeMeter {
  const { formula } = meter.default_aggregation
  if (meter.status !== 'active') throw failures.meterNotASum(at, meter.id, 'is not active')
  if (formula !== 'sum') throw failures.meterNotASum(at, meter.id, `has the formula ${formula}`)
  if (meter.event_time_window !== null)
    throw failures.meterNotASum(at, meter.id, `takes one event for each ${meter.event_time_window}`)
  return {
    ref: meter.id,
    eventName: meter.event_name,
    customerKey: meter.customer_mapping.event_payload_key,
    valueKey: meter.value_settings.event_payload_key,
  }
}
