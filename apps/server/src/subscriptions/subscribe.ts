import {
  type AnchorKind,
  anchorAt,
  type Decimal,
  isTimeZone,
  periodContaining,
  wholeDecimal,
} from '@usageflow/pricing'
import { versionOnSale } from '../catalog/find-plan.ts'
import { type OverrideFields, overridesFor } from '../catalog/overrides.ts'
import type { PlanVersion } from '../catalog/plan.ts'
import { ALWAYS, ROOT } from '../customers/customer.ts'
import { lockCustomer } from '../customers/declare-customer.ts'
import { customersAbove } from '../customers/parent-links.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { newId } from '../platform/id.ts'
import { earlier, later } from '../platform/instant.ts'
import { firstPeriod } from './billing-period.ts'
import { insertPeriods } from './billing-periods.store.ts'
import { lockInvoicedUntil, selectActivePrices } from './coverage.store.ts'
import { closeWork, startWork } from './due-work.ts'
import { failures } from './failures.ts'
import { inTerm, type Subscription } from './subscription.ts'
import { tellOf } from './subscription-facts.ts'
import { insertSubscription } from './subscriptions.store.ts'
import { soldPlan, type Term } from './term.ts'
import { insertTerms } from './terms.store.ts'
import { withTrial } from './timeline.ts'

/** What a new subscription is to be; what is null has a default. */
export type NewSubscription = {
  /** Null: the root customer, so that all usage nobody nearer pays for is billed to the organization. */
  readonly customer: string | null
  /** Id or key. */
  readonly plan: string
  readonly planVersion: number | null
  /** Null: now, or as soon as nobody above was billed for the time. */
  readonly startedAt: Date | null
  readonly anchorKind: AnchorKind
  readonly timeZone: string
  readonly cancelAt: Date | null
  /** How often the base price is due; 1 unless given. */
  readonly quantity?: Decimal
  /** In place of what the plan says. */
  readonly overrides?: OverrideFields | null
  /** For so many days, counted like periods, nothing is billed. What the plan says unless given. */
  readonly trialDays?: number | null
}

const ONE = wholeDecimal(1n)
const PERIODS_OVER_MAX = 1_200 // a hundred years by the month, three by the day

/**
 * Puts a customer on a plan. The periods that are over already are closed and invoiced one after the
 * other. Throws `customer.unknown`, `plan.unknown`, `plan.version_unknown`, `plan.archived`, what
 * `overridesFor` throws, and of its
 * own: `subscription.meter_taken`, `.already_billed`, `.starts_in_future`, `.starts_too_far_back`,
 * `.ends_before_start` and `.time_zone_unknown`.
 */
export async function subscribe(
  tx: Tx,
  envId: number,
  wanted: NewSubscription,
  now: Date,
): Promise<Subscription> {
  assertPossible(wanted, now)
  const { plan, content } = await versionOnSale(tx, envId, {
    plan: wanted.plan,
    version: wanted.planVersion,
  })
  const customer = wanted.customer ?? ROOT
  await lockCustomer(tx, envId, customer) // of two subscriptions for one meter, the second sees the first
  const startedAt = await freeStart(tx, envId, { ...wanted, customer, content }, now)
  if (wanted.cancelAt && wanted.cancelAt <= startedAt) throw failures.endsBeforeStart()
  const offer = {
    plan: soldPlan(plan, content),
    quantity: wanted.quantity ?? ONE,
    overrides: wanted.overrides ? overridesFor(content, wanted.overrides) : {},
  }
  const anchor = anchorAt(wanted.anchorKind, startedAt, wanted.timeZone)
  const first: Term = { ...offer, no: 0, kind: 'billed', since: startedAt, until: null, anchor }
  const trialDays = wanted.trialDays ?? content.trialDays
  const begun = {
    id: newId('sub'),
    customer,
    terms: trialDays > 0 ? withTrial(first, trialDays) : ([first] as const),
    status: trialDays > 0 ? ('trialing' as const) : ('active' as const),
    startedAt,
    cancelAt: wanted.cancelAt,
    endedAt: null,
    spendThresholdMinor: null,
    parkedReason: null,
    createdAt: now,
  }
  const subscription = inTerm(begun, 0)
  await open(tx, envId, { subscription, hasCredits: content.credits.length > 0 }, now)
  return subscription
}

function assertPossible({ startedAt, timeZone }: NewSubscription, now: Date): void {
  if (!isTimeZone(timeZone)) throw failures.timeZoneUnknown(timeZone)
  if (startedAt && startedAt > now) throw failures.startsInFuture()
  if (startedAt && startedAt < ALWAYS) throw failures.startsTooFarBack(PERIODS_OVER_MAX)
}

/** When it starts, if that can be without billing any usage a second time. */
async function freeStart(
  tx: Tx,
  envId: number,
  wanted: NewSubscription & { readonly customer: string; readonly content: PlanVersion },
  now: Date,
): Promise<Date> {
  const { customer, content, cancelAt } = wanted
  const from = wanted.startedAt ?? now
  const meterIds = content.prices.map(({ meter }) => meter.id)
  if (meterIds.length === 0) return from
  const above = await customersAbove(tx, envId, customer, from)
  const until = await lockInvoicedUntil(tx, envId, { meterIds, customers: above, from })
  if (until && until > from && wanted.startedAt) throw failures.alreadyBilled(until)
  const startedAt = until ? later(until, from) : from
  const taken = { meterIds, customers: [customer], from: startedAt, to: cancelAt }
  const [other] = await selectActivePrices(tx, envId, taken)
  const meter = content.prices.find((price) => price.meter.id === other?.meterId)?.meter
  if (other && meter) throw failures.meterTaken(meter.key, other.subscriptionId)
  return startedAt
}

async function open(
  tx: Tx,
  envId: number,
  opened: { readonly subscription: Subscription; readonly hasCredits: boolean },
  now: Date,
): Promise<void> {
  const { subscription, hasCredits } = opened
  const { id: subscriptionId, terms, plan, cancelAt } = subscription
  if (periodsOver(subscription, now) > PERIODS_OVER_MAX)
    throw failures.startsTooFarBack(PERIODS_OVER_MAX)
  const period = firstPeriod({ terms, endsAt: cancelAt })
  await insertSubscription(tx, envId, subscription)
  await insertTerms(tx, envId, subscriptionId, terms)
  await insertPeriods(tx, envId, [{ subscriptionId, period }])
  const needsStart = period.isBilled && (plan.baseInAdvance || hasCredits)
  const start = needsStart ? [startWork(subscriptionId, period)] : []
  await scheduleMany(tx, envId, [...start, closeWork(subscriptionId, period)])
  await tellOf(tx, envId, { type: 'subscription.activated', subscription }, now)
}

/** How many periods will be over as soon as it begins. */
function periodsOver({ anchor, plan, startedAt, cancelAt }: Subscription, now: Date): number {
  const until = cancelAt ? earlier(cancelAt, now) : now
  return until <= startedAt ? 0 : periodContaining(anchor, plan.cycle, until).index
}
