import { decimal } from '@usageflow/pricing'
import type { FakeMeter } from '../../test/stripe/fake-meters.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { forgetWork } from '../invoicing/test-billing.ts'
import { aMeter, backFillAll, fold, store, type TestEvent } from '../metering/test-metering.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { claimDue } from '../platform/due/due.store.ts'
import { silentLog } from '../platform/log.ts'
import { findCustomer, linkCustomer } from '../stripe/link-customer.ts'
import { type Bound, bindToFake } from '../stripe/test-account.ts'
import { createSubscriptionTrigger, createTrigger, type NewUsageTrigger } from './change-trigger.ts'
import { lookUpMeter } from './look-up-meter.ts'
import { lookUpPrice } from './look-up-price.ts'
import { stripeSyncLane } from './stripe-sync.jobs.ts'
import type { SyncRecord } from './sync-record.ts'
import { selectRecords } from './sync-records.store.ts'
import { HOUR_MS, hourOf, type Trigger } from './trigger.ts'

/** An environment that tells the usage of a meter to a Stripe on this machine; Ann is linked there. */
export type Telling = Bound & {
  readonly meter: FakeMeter
  readonly ann: string
  /** By the clock of the server: moved with that of Stripe. */
  now(): Date
  elapse(ms: number): void
}

const EVENT_NAME = 'api_calls'

export async function aTelling(): Promise<Telling> {
  await forgetWork()
  const env = await inOwnTransaction((tx) => aBillingEnvironment(tx, new Date()))
  const bound = await bindToFake(env)
  const { stripe } = bound
  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const { id } = stripe.books.createCustomer({}) as { id: string }
  const meter = stripe.books.meters.add(EVENT_NAME)
  const telling = {
    ...bound,
    deps: { ...bound.deps, clock: now },
    ...{ meter, ann: id, now },
    elapse(ms: number) {
      aheadMs += ms
      stripe.elapse(ms)
    },
  }
  await link(telling, 'ann', id)
  return telling
}

export async function link(
  { env, deps }: Telling,
  customer: string,
  customerRef: string,
): Promise<void> {
  await inOwnTransaction((tx) => seeCustomers(tx, [{ envId: env, customer }], new Date()))
  const found = await findCustomer(deps, env, { customer, customerRef })
  await inOwnTransaction((tx) => linkCustomer(tx, env, { customer, found }, deps.clock()))
}

/** The hour that was so many hours ago. */
export function hoursAgo(hours: number): Date {
  return new Date(hourOf(new Date()).getTime() - hours * HOUR_MS)
}

/** A meter that adds up, and a trigger that tells it from 20 days ago on. */
export async function aTrigger(
  telling: Telling,
  overrides: Partial<NewUsageTrigger> = {},
): Promise<Trigger> {
  const { env, deps } = telling
  const { key } = await aMeter(env, { aggregation: 'SUM', key: `m${Math.random()}` })
  await fold()
  await backFillAll()
  const wanted: NewUsageTrigger = {
    ...{ meter: key, priceId: null, multiplier: decimal('1') },
    ...{ makesCustomers: false, usageFrom: hoursAgo(480), ...overrides },
  }
  const found = await lookUpMeter(deps, env, { priceId: null, eventName: EVENT_NAME })
  const times = { now: telling.now(), systemNow: telling.now() }
  return inOwnTransaction((tx) => createTrigger(tx, env, { wanted, found }, times))
}

/** Has these events counted, and the work that follows be due. */
export async function used(telling: Telling, ...events: readonly TestEvent[]): Promise<void> {
  await store(telling.env, events)
  await fold()
}

/** Does all work with Stripe that is due within the next minute; once, or as often as there is some. */
export async function tell(telling: Telling, turnsMax = 50): Promise<void> {
  const { deps, now } = telling
  const lane = stripeSyncLane({ ...deps, log: silentLog() })
  for (let turn = 0; turn < turnsMax; turn += 1) {
    const systemNow = new Date(now().getTime() + 60_000)
    const kinds = lane.handlers.map(({ kind }) => kind)
    const claim = { kinds, limit: 10, leaseMs: 60_000, systemNow }
    const jobs = await inOwnTransaction((tx) => claimDue(tx, claim))
    if (jobs.length === 0) return
    for (const job of jobs) await lane.handlers.find(({ kind }) => kind === job.kind)?.run([job])
  }
}

/** All records, the oldest first. */
export async function records({ env }: Telling): Promise<SyncRecord[]> {
  const all = { triggerId: null, customer: null, state: null }
  const rows = await inOwnTransaction((tx) =>
    selectRecords(tx, env, all, { limit: 1_000, before: null }),
  )
  return rows.sort((a, b) => a.at.getTime() - b.at.getTime() || a.no - b.no)
}

export const states = async (telling: Telling) =>
  (await records(telling)).map(({ value, state, reason }) => [value, reason ?? state])

/** What Stripe has of a customer. */
export function atStripe({ stripe, meter }: Telling, customerRef: string): bigint {
  return stripe.books.meters.total(meter.id, customerRef)
}

/** A meter of events of its own, and a trigger that sets quantities of this price to it. */
export async function aSubscriptionTrigger(
  { env, deps, now }: Telling,
  { priceId, aggregation = 'SUM', multiplier = '1' }: QuantityWanted,
): Promise<Trigger> {
  const { key } = await aMeter(env, { aggregation, key: `m${Math.random()}` })
  await fold()
  await backFillAll()
  const found = await lookUpPrice(deps, env, priceId)
  const prorationBehavior = 'none'
  const wanted = { meter: key, multiplier: decimal(multiplier), prorationBehavior } as const
  const times = { now: now(), systemNow: now() }
  return inOwnTransaction((tx) => createSubscriptionTrigger(tx, env, { wanted, found }, times))
}

type QuantityWanted = {
  readonly priceId: string
  readonly aggregation?: 'SUM' | 'MAX'
  readonly multiplier?: string
}
