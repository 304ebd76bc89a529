import { rollUpSteps } from '../../apps/server/src/metering/roll-up-steps.ts'
import type { Database } from '../../apps/server/src/platform/db/database.ts'
import { type Random, randomOf } from '../../faults/src/random.ts'
import type { Oracle } from '../verify-pricing/oracle.ts'
import { crashing } from './crashes.ts'
import { checkInvariants, type Finding } from './invariants.ts'
import { type Recomputed, recomputeInvoices } from './recompute.ts'
import { type Place, runCounting, runScheduler, type SchedulerCounts } from './schedulers.ts'
import {
  begin,
  type HeldSubscription,
  handOver,
  type StepCounts,
  type Subscriber,
  step,
  use,
} from './steps.ts'
import { createWorld, hasTwo, type Organization } from './world.ts'

/** What a seed is made of. */
export type SimulationSize = {
  readonly organizations: number
  readonly subscriptions: number
  readonly years: number
}

export type SeedResult = {
  readonly findings: readonly Finding[]
  readonly counts: SchedulerCounts & StepCounts & Omit<Recomputed, 'finding'>
}

const START = new Date('2026-01-01T00:00:00Z')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const YEAR_HOURS = 8_766
const SHORT_STEPS = 0.3 // after which a grace may be under way,
const SHORT_STEP_MINUTES_MAX = 90
const STEP_HOURS_MAX = 240 // and long ones, in which short periods begin and end
const CRASHES = 0.03
const STEPS_PER_SUBSCRIPTION_YEAR = 1.5
const EVENTS_PER_CUSTOMER_DAY = 0.15
const ONE_MORE = 0.5 // of the steps of who lacks a second subscription
const HANDOVERS = 0.5 // of the steps of who has two
const SCHEDULERS = 2

/** Lets some years go by in a database of its own, and says what is broken after each of them. */
export async function simulate(
  soundDb: Database,
  oracle: Oracle,
  { seed, size }: { readonly seed: string; readonly size: SimulationSize },
): Promise<SeedResult> {
  const random = randomOf(seed)
  const counts = {
    ...{ done: 0, crashes: 0, leasesLost: 0, outages: 0 },
    ...{ steps: 0, refused: 0, subscribed: 0, events: 0 },
  }
  let now = START
  const db = crashing(soundDb, { random: random.fork('crashes'), share: CRASHES })
  const { organizations: number, subscriptions: customers } = size
  const organizations = await createWorld(soundDb, { organizations: number, customers }, now)
  const places = Array.from({ length: SCHEDULERS }, (_, index): Place => {
    const own = random.fork(`scheduler ${index}`)
    return { db, soundDb, random: own, counts, clock: () => now }
  })
  const counting = rollUpSteps({ db, clock: () => now })
  const life = { random: random.fork('life'), counts }
  for (const { envId, customers: all } of organizations)
    for (const customer of all.filter(() => life.random.chance(0.7)))
      await begin(db, { envId, customer }, life, now)
  const findings: Finding[] = []
  const goOn = async () => {
    const since = now
    now = new Date(now.getTime() + stepMs(life.random))
    const perDay = EVENTS_PER_CUSTOMER_DAY * customers
    await use(soundDb, organizations, { ...life, perDay }, { since, now })
    const days = (now.getTime() - since.getTime()) / (24 * HOUR_MS)
    await Promise.all([
      runCounting(counting, counts),
      ...places.map(runScheduler),
      live({ db, soundDb }, organizations, { ...life, days }, now),
    ])
    await Promise.all(places.map(runScheduler))
  }
  for (let year = 1; year <= size.years && isFine(findings); year++) {
    const until = START.getTime() + year * YEAR_HOURS * HOUR_MS
    const failed = await stepsUntil(() => now.getTime() >= until, goOn)
    findings.push({ name: 'no work fails but by a crash', broken: failed })
    findings.push(...(await checkInvariants(soundDb, now)))
  }
  const { finding, ...recomputed } = await recomputeInvoices(soundDb, oracle)
  return { findings: [...findings, finding], counts: { ...counts, ...recomputed } }
}

function stepMs(random: Random): number {
  return random.chance(SHORT_STEPS)
    ? random.between(1, SHORT_STEP_MINUTES_MAX) * MINUTE_MS
    : random.between(1, STEP_HOURS_MAX) * HOUR_MS
}

function isFine(findings: readonly Finding[]): boolean {
  return findings.every(({ broken }) => broken.length === 0)
}

/** Takes steps until it is over; returns what a step has failed with. */
async function stepsUntil(isOver: () => boolean, step: () => Promise<void>): Promise<string[]> {
  try {
    while (!isOver()) await step()
    return []
  } catch (error) {
    return [error instanceof Error ? `${error.message} ${error.stack}` : String(error)]
  }
}

/** People do something to some subscriptions, while the schedulers are at work. */
async function live(
  { db, soundDb }: { readonly db: Database; readonly soundDb: Database },
  organizations: readonly Organization[],
  life: { readonly random: Random; readonly counts: StepCounts; readonly days: number },
  now: Date,
): Promise<void> {
  const { random, days } = life
  for (const { envId, customers } of organizations) {
    const expected = (customers.length * STEPS_PER_SUBSCRIPTION_YEAR * days) / 365
    const count = Math.floor(expected) + (random.chance(expected % 1) ? 1 : 0)
    for (let number = 0; number < count; number++)
      await stepOf({ db, soundDb }, { envId, customer: random.pick(customers) }, life, now)
  }
}

/** A step of one subscription of a customer, of two together, or the beginning of one that is missing. */
async function stepOf(
  { db, soundDb }: { readonly db: Database; readonly soundDb: Database },
  subscriber: Subscriber,
  life: { readonly random: Random; readonly counts: StepCounts },
  now: Date,
): Promise<void> {
  const { random } = life
  const [one, other] = random.shuffled(await subscriptionsOf(soundDb, subscriber))
  const isOneMore = hasTwo(subscriber.customer) && other === undefined
  if (one === undefined || (isOneMore && random.chance(ONE_MORE)))
    await begin(db, subscriber, life, now)
  else if (other !== undefined && random.chance(HANDOVERS))
    await handOver(db, { ...subscriber, from: one, to: other }, life, now)
  else await step(db, { ...subscriber, subscriptionId: one.id }, life, now)
}

async function subscriptionsOf(
  db: Database,
  { envId, customer }: Subscriber,
): Promise<HeldSubscription[]> {
  const { rows } = await db.pool.query<HeldSubscription>(
    `select s.id, p.key as plan from subscriptions s
       join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = (
         select max(term_no) from subscription_terms where env_id = s.env_id and subscription_id = s.id)
       join plans p on p.env_id = t.env_id and p.id = t.plan_id
     where s.env_id = $1 and s.customer = $2 and s.status <> 'canceled' order by s.started_at, s.id`,
    [envId, customer],
  )
  return rows
}
