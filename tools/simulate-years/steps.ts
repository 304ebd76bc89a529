import type { Database } from '../../apps/server/src/platform/db/database.ts'
import { isOutage } from '../../apps/server/src/platform/db/database.ts'
import type { Tx } from '../../apps/server/src/platform/db/transaction.ts'
import { Failure } from '../../apps/server/src/platform/errors.ts'
import {
  cancelAtPeriodEnd,
  cancelNow,
  suspend,
} from '../../apps/server/src/subscriptions/change-subscription.ts'
import {
  changeTerms,
  endTrial,
  pause,
  resume,
  uncancel,
  unschedule,
} from '../../apps/server/src/subscriptions/change-terms.ts'
import { subscribe } from '../../apps/server/src/subscriptions/subscribe.ts'
import type { Random } from '../../faults/src/random.ts'
import { wholeDecimal } from '../../packages/pricing/src/index.ts'
import { Crash } from './crashes.ts'
import {
  hasTwo,
  METERS,
  NARROW_PLANS,
  type Organization,
  PLANS,
  type SimulatedPlan,
} from './world.ts'

const DAY_MS = 86_400_000
const LATE_MS_MAX = 30 * DAY_MS
const ZONES = [
  'UTC',
  'America/New_York',
  'Africa/Cairo',
  'Asia/Tehran',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Sao_Paulo',
]
const STEPS = [
  'change_now',
  'change_now',
  'change_at_period_end',
  'change_at_date',
  'unschedule',
  'pause',
  'resume',
  'resume',
  'suspend',
  'end_trial',
  'cancel_at_period_end',
  'uncancel',
  'cancel',
] as const
type StepName = (typeof STEPS)[number]

/** What happened to the subscriptions of a simulation. */
export type StepCounts = { steps: number; refused: number; subscribed: number; events: number }

export type Subscriber = { readonly envId: number; readonly customer: string }

/** With the key of its plan. */
export type HeldSubscription = { readonly id: string; readonly plan: string }

/** Puts a customer on a plan, unless one of its meters is billed already. */
export async function begin(
  db: Database,
  { envId, customer }: Subscriber,
  { random, counts }: { readonly random: Random; readonly counts: StepCounts },
  now: Date,
): Promise<void> {
  const anchorKind = random.pick(['calendar', 'calendar', 'day', 'instant'] as const)
  const trialDays = random.chance(0.15) ? random.between(1, 40) : 0
  const wanted = {
    plan: random.pick(plansOf(customer)).key,
    planVersion: null,
    startedAt: null,
    cancelAt: null,
  }
  const timeZone = random.pick(ZONES)
  const all = { customer, anchorKind, timeZone, trialDays, ...wanted }
  if (await attempted(db, (tx) => subscribe(tx, envId, all, now))) counts.subscribed += 1
}

/** Does something to a subscription of the organization; refused where it is not possible. */
export async function step(
  db: Database,
  { envId, customer, subscriptionId }: Subscriber & { readonly subscriptionId: string },
  { random, counts }: { readonly random: Random; readonly counts: StepCounts },
  now: Date,
): Promise<void> {
  const name = random.pick(STEPS)
  const change = {
    id: subscriptionId,
    plan: random.pick(plansOf(customer)).key,
    planVersion: null,
    quantity: wholeDecimal(BigInt(random.between(1, 5))),
  }
  const date = new Date(now.getTime() + random.between(1, 60 * 24) * 3_600_000)
  const isDone = await attempted(db, (tx) => take(tx, envId, { name, change, date }, now))
  if (isDone) counts.steps += 1
  else counts.refused += 1
}

type Handover = {
  readonly envId: number
  readonly from: HeldSubscription
  readonly to: HeldSubscription
}

/**
 * Plans that the usage of one subscription is another's from some day on; sometimes somebody then takes half
 * of that back, which must be refused while the other half stands.
 */
export async function handOver(
  db: Database,
  { envId, from, to }: Handover,
  { random, counts }: { readonly random: Random; readonly counts: StepCounts },
  now: Date,
): Promise<void> {
  const when = new Date(now.getTime() + random.between(1, 60 * 24) * 3_600_000)
  const free = NARROW_PLANS.find(({ key }) => key !== from.plan && key !== to.plan)
  const terms = { planVersion: null, quantity: wholeDecimal(1n), when }
  const works: ((tx: Tx) => Promise<unknown>)[] = [
    (tx) => changeTerms(tx, envId, { ...terms, id: from.id, plan: free?.key ?? from.plan }, now),
    (tx) => changeTerms(tx, envId, { ...terms, id: to.id, plan: from.plan }, now),
  ]
  const regretted = random.pick([from, to]).id
  if (random.chance(0.5)) works.push((tx) => unschedule(tx, envId, regretted, now))
  for (const work of works)
    if (await attempted(db, work)) counts.steps += 1
    else counts.refused += 1
}

function plansOf(customer: string): readonly SimulatedPlan[] {
  return hasTwo(customer) ? NARROW_PLANS : PLANS
}

type Change = Omit<Parameters<typeof changeTerms>[2], 'when'>

function take(
  tx: Tx,
  envId: number,
  { name, change, date }: { readonly name: StepName; readonly change: Change; readonly date: Date },
  now: Date,
): Promise<unknown> {
  const { id } = change
  switch (name) {
    case 'change_now':
      return changeTerms(tx, envId, { ...change, when: 'now' }, now)
    case 'change_at_period_end':
      return changeTerms(tx, envId, { ...change, when: 'period_end' }, now)
    case 'change_at_date':
      return changeTerms(tx, envId, { ...change, when: date }, now)
    case 'unschedule':
      return unschedule(tx, envId, id, now)
    case 'pause':
      return pause(tx, envId, id, now)
    case 'resume':
      return resume(tx, envId, id, now)
    case 'suspend':
      return suspend(tx, envId, id, now)
    case 'end_trial':
      return endTrial(tx, envId, id, now)
    case 'cancel_at_period_end':
      return cancelAtPeriodEnd(tx, envId, id, now)
    case 'uncancel':
      return uncancel(tx, envId, id, now)
    case 'cancel':
      return cancelNow(tx, envId, id, now)
    default:
      throw new TypeError(`unknown: ${name satisfies never}`)
  }
}

/** Whether it was done, as far as the caller can tell: the process may have died, or it was refused. */
async function attempted(db: Database, work: (tx: Tx) => Promise<unknown>): Promise<boolean> {
  try {
    await db.inTransaction(work)
    return true
  } catch (error) {
    if (error instanceof Failure || error instanceof Crash || isOutage(error)) return false
    throw error
  }
}

/** Stores events as ingest does. Most lie in the time since `since`; some come up to a month late. */
export async function use(
  db: Database,
  organizations: readonly Organization[],
  { random, counts, perDay }: { random: Random; counts: StepCounts; perDay: number },
  { since, now }: { readonly since: Date; readonly now: Date },
): Promise<void> {
  const span = now.getTime() - since.getTime()
  const expected = (organizations.length * perDay * span) / DAY_MS
  const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
  const events = Array.from({ length: count }, () => {
    const { envId, customers } = random.pick(organizations)
    const back = random.chance(0.1) ? random.between(0, LATE_MS_MAX) : random.between(0, span)
    return {
      ...{ env_id: envId, customer: random.pick(customers) },
      name: random.pick(Object.keys(METERS)),
      at: new Date(now.getTime() - back).toISOString(),
      amount: (random.between(0, 60_000) / 1_000).toFixed(random.between(0, 4)),
    }
  })
  counts.events += count
  await db.pool.query(
    `insert into usage_events (env_id, key, fingerprint, occurred_at, sequence, name, customer, amount)
     select env_id, gen_random_uuid(), 0, at, 0, name, customer, amount
     from json_to_recordset($1::json) as r (env_id int, customer text, name text, at timestamptz, amount numeric)`,
    [JSON.stringify(events)],
  )
}
