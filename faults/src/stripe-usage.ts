import { setTimeout as sleep } from 'node:timers/promises'
import type { FakeMeter } from '../../apps/server/test/stripe/fake-meters.ts'
import {
  type FakeStripe,
  type Fault,
  startFakeStripe,
} from '../../apps/server/test/stripe/fake-stripe.ts'
import { type Arena, openArena } from './arena.ts'
import { createKey, createOrganization } from './product.ts'
import type { Random } from './random.ts'
import { atLeast, type Finding, none, printTable } from './report.ts'
import type { Setting } from './scenarios.ts'
import { endFindings } from './under-load.ts'

type Size = {
  readonly events: number
  readonly customers: number
  /** While events are sent; it goes on until Stripe has been told of all. */
  readonly kills: number
}

const SMALL: Size = { events: 5_000, customers: 20, kills: 15 }
const FULL: Size = { events: 100_000, customers: 40, kills: 100 }
const BATCH = 100
const HOURS = 24
const VOIDED = 20
const PAUSE_MS = 1_500 // between two kills
const RETRY_MS = 100
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const PATIENCE_MS = 1_800_000
const ANSWER_MS = 20

/** What becomes of so many of the calls that tell usage. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ['cut_after', 0.08],
  ['rate_limited', 0.08],
  ['server_error', 0.04],
  ['cut_before', 0.04],
  ['hang', 0.002],
]

const EVENTS = 'POST /v1/billing/meter_events'

/** A meter of ours, and the one of Stripe that is told of it. */
type Told = { readonly key: string; readonly meter: FakeMeter; readonly triggerId: string }

/** Whose usage Stripe is told, while it fails and the processes of the product are killed. */
type Course = {
  /** All is used before: the clock of the environment may fall behind, and takes nothing of its future. */
  readonly startedAtMs: number
  readonly arena: Arena
  readonly stripe: FakeStripe
  readonly random: Random
  /** Asks until somebody answers: a repeat of each of its requests does nothing twice. */
  readonly insist: (method: string, path: string, body?: object) => Promise<Answer>
  readonly customers: readonly { readonly id: string; readonly ref: string }[]
  readonly told: readonly Told[]
  /** What was used: by meter, customer and hour, in hundredths. */
  readonly used: Map<string, bigint>
}

// biome-ignore lint/suspicious/noExplicitAny: an answer of the product's API
type Answer = any

/**
 * Has usage be told to a Stripe that fails, while servers and workers are killed. In the end Stripe's own ledger is
 * ours, for each customer, meter and hour, down to the whole unit that Stripe takes.
 */
export async function tellStripe(setting: Setting): Promise<Finding[]> {
  const size = setting.isFull ? FULL : SMALL
  const stripe = await startFakeStripe()
  try {
    const environment = { USAGEFLOW_STRIPE_URL: stripe.url }
    const arena = await openArena({ ...setting, hasProxy: false, environment })
    try {
      const course = await prepared(arena, stripe, setting.random, size.customers)
      const kills = await lived(course, size)
      return [...(await judged(course, { ...size, kills })), ...(await endFindings(arena))]
    } finally {
      await arena.close()
    }
  } finally {
    await stripe.stop()
  }
}

async function prepared(
  arena: Arena,
  stripe: FakeStripe,
  random: Random,
  count: number,
): Promise<Course> {
  const startedAtMs = Date.now()
  const now = new Date(startedAtMs).toISOString()
  const ours = await createOrganization(arena.product, 'Stripe usage', now)
  const { key } = await createKey(arena.product, ours, 'test')
  const insist = insisting(arena, random, key)
  const { apiKey, webhookSecret } = stripe
  await insist('PUT', '/api/v1/stripe', { apiKey, webhookSecret })
  const customers = []
  for (let n = 0; n < count; n += 1) {
    const { id: ref } = stripe.books.createCustomer({}) as { id: string }
    const id = `customer-${n}`
    await insist('POST', '/api/v1/customers', { customerId: id })
    const link = `/api/v1/customers/${id}/stripe-customer`
    await insist('PUT', link, { stripeCustomerId: ref })
    customers.push({ id, ref })
  }
  const told = []
  for (const [name, aggregation] of [
    ['calls', 'COUNT'],
    ['tokens', 'SUM'],
  ] as const) {
    const meter = stripe.books.meters.add(`ours_${name}`)
    await insist('POST', '/api/v1/meters', { key: name, eventName: 'request', aggregation })
    const priceId = stripe.books.meters.addPrice(meter.id)
    const usageFrom = new Date(hourBefore(startedAtMs, HOURS)).toISOString()
    const wanted = { meter: name, priceId, usageFrom }
    const { id: triggerId } = await insist('POST', '/api/v1/stripe/triggers', wanted)
    told.push({ key: name, meter, triggerId })
  }
  return { startedAtMs, arena, stripe, random, insist, customers, told, used: new Map() }
}

function hourBefore(atMs: number, hours: number): number {
  return (Math.floor(atMs / HOUR_MS) - hours) * HOUR_MS
}

function insisting({ targets }: Arena, random: Random, key: string): Course['insist'] {
  const headers = { 'x-usageflow-api-key': key, 'content-type': 'application/json' }
  return async (method, path, body) => {
    const giveUpMs = performance.now() + PATIENCE_MS
    while (performance.now() < giveUpMs) {
      const url = `http://127.0.0.1:${random.pick(targets).port}${path}`
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const said = await answerOf(fetch(url, { method, headers, ...sent }))
      if (said !== null) return said
      await sleep(RETRY_MS)
    }
    throw new Error(`${method} ${path}: nobody answers`)
  }
}

/** Null: nobody has answered, or that it could not be done now. Throws when it was refused. */
async function answerOf(asked: Promise<Response>): Promise<Answer> {
  const answer = await asked.catch(() => null)
  const text = await answer?.text().catch(() => null)
  if (!answer || typeof text !== 'string' || answer.status >= 500) return null
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${text}`)
  return JSON.parse(text)
}

/**
 * Sends all events in all sorts of trouble, so that hours which Stripe has been told of grow; waits until all is told, takes some
 * back, and waits again.
 */
async function lived(course: Course, size: Size): Promise<number> {
  const { stripe, random, arena } = course
  stripe.slow(ANSWER_MS)
  stripe.fail((what) => (what === EVENTS ? faultBy(random) : null))
  let isOver = false
  const work = sendAndVoid(course, size).finally(() => {
    isOver = true
  })
  work.catch(() => {}) // thrown below
  const hurrying = hurry(course, () => isOver)
  let kills = 0
  while (!isOver) {
    await random.pick([...arena.servers, ...arena.workers]).kill()
    kills += 1
    await sleep(PAUSE_MS)
  }
  await hurrying
  await work
  return kills
}

async function sendAndVoid(course: Course, size: Size): Promise<void> {
  const { random, insist } = course
  const sent = await sendAll(course, size)
  await allTold(course)
  for (const { id, use } of random.shuffled(sent).slice(0, VOIDED)) {
    await insist('POST', `/api/v1/events/${id}/void`, { reason: 'a mistake' })
    add(course, use, -1n)
  }
  await allTold(course)
}

/** Until we take all for told that was used, or time is over. What Stripe has of it is judged later. */
async function allTold(course: Course): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS
  while (performance.now() < giveUpMs) {
    const values = await rows(course, OUR_SUMS)
    const isOpen = values.some(({ open }) => open !== '0')
    const ours = new Map(values.map(({ about = '', sum = '' }) => [about, BigInt(sum)]))
    const ofUs: Sums = ({ meter }, { id }) => ours.get(`${meter.id} ${id}`) ?? 0n
    if (!isOpen && differing(course, ofUs).length === 0) return
    await sleep(PAUSE_MS)
  }
}

const OUR_SUMS = `
  select t.stripe_meter_ref || ' ' || r.customer as about, coalesce(sum(r.value) filter (where r.state = 'sent'), 0)::text as sum,
    count(*) filter (where r.state in ('waiting', 'sending'))::text as open
  from stripe_sync_records r join stripe_triggers t on t.env_id = r.env_id and t.id = r.trigger_id group by 1`

function faultBy(random: Random): Fault | null {
  const [fault] = FAULTS.find(([, share]) => random.chance(share)) ?? [null]
  return fault
}

/** Usage is gathered for a minute of the environment's clock before it is told; a move of the clock takes as long as that takes. */
async function hurry({ insist }: Course, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { now, isMoving } = await insist('GET', '/api/v1/clock')
    const later = new Date(Date.parse(now) + 2 * MINUTE_MS).toISOString()
    if (!isMoving) await insist('POST', '/api/v1/clock', { now: later }).catch(() => null) // as a cut answer was a yes
    await sleep(PAUSE_MS)
  }
}

type Use = readonly [customer: string, hour: number, cents: bigint]
type Sent = { readonly id: string; readonly use: Use }

/** Evenly over the time that the kills take. Returns one event of each request. */
async function sendAll(course: Course, { events, kills }: Size): Promise<Sent[]> {
  const pauseMs = (PAUSE_MS * kills * BATCH) / events
  const sent: Sent[] = []
  for (let from = 0; from < events; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, events - from) }, (_, n) =>
      anEvent(course, `e${from + n}`),
    )
    const body = batch.map(({ event }) => event)
    const { results } = await course.insist('POST', '/api/v1/events', body)
    for (const [n, { use }] of batch.entries()) {
      const { status, eventId: id, error } = results[n]
      if (!['recorded', 'duplicate'].includes(status))
        throw new Error(`an event is ${status}: ${JSON.stringify(error)}`)
      add(course, use, 1n)
      if (n === 0) sent.push({ id, use })
    }
    await sleep(pauseMs)
  }
  return sent
}

function anEvent({ random, customers, startedAtMs }: Course, idempotencyKey: string) {
  const customerId = random.pick(customers).id
  const hour = hourBefore(startedAtMs, random.between(0, HOURS))
  const cents = BigInt(random.between(0, 1_000))
  const passed = Math.max(1, Math.min(HOUR_MS, startedAtMs - hour))
  const timestamp = new Date(hour + random.between(0, passed)).toISOString()
  const amount = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
  const use: Use = [customerId, hour, cents]
  return { event: { name: 'request', customerId, amount, idempotencyKey, timestamp }, use }
}

function add({ used }: Course, [customer, hour, cents]: Use, sign: 1n | -1n): void {
  for (const [meter, hundredths] of [
    ['calls', 100n],
    ['tokens', cents],
  ] as const) {
    const about = `${meter} ${customer} ${hour}`
    used.set(about, (used.get(about) ?? 0n) + sign * hundredths)
  }
}

type Sums = (told: Told, customer: Course['customers'][number]) => bigint

/** Of whom something else was told than what was used. */
function differing({ told, customers, used, startedAtMs }: Course, sumOf: Sums): string[] {
  return told.flatMap((one) =>
    customers.flatMap((customer) => {
      let sum = 0n
      for (let hours = 0; hours <= HOURS; hours += 1)
        sum += used.get(`${one.key} ${customer.id} ${hourBefore(startedAtMs, hours)}`) ?? 0n
      const found = sumOf(one, customer)
      if (found === sum / 100n) return []
      return [`${one.key} of ${customer.id}: ${found}, used ${sum / 100n}`]
    }),
  )
}

async function rows(
  { arena }: Course,
  query: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const client = await arena.database.connect()
  const { rows } = await client.query(query).finally(() => client.end())
  return rows
}

/** Compares the ledger of Stripe with what was used, with our records, and with what our API says of both. */
async function judged(course: Course, did: Size): Promise<Finding[]> {
  const { stripe } = course
  const { events, overlaps } = stripe.books.meters
  const calls = stripe.requests.filter(({ what }) => what === EVENTS)
  const records = await rows(course, OUR_HOURS)
  const refused = await rows(
    course,
    "select id || ' ' || reason as said from stripe_sync_records where state = 'refused'",
  )
  printTable('Did', [
    ['events', `${did.events}, ${VOIDED} of them taken back`],
    ['customers', `${did.customers}, each with ${course.told.length} meters`],
    ['kills', `${did.kills}`],
    ['calls that told usage', `${calls.length}, of which ${events.length} counted`],
  ])
  const ofStripe: Sums = ({ meter }, { ref }) => stripe.books.meters.total(meter.id, ref)
  const [more = {}] = await rows(course, LATER)
  const pairs = `${did.customers * course.told.length} customers and meters`
  return [
    none('sums of Stripe that are not what was used', differing(course, ofStripe), pairs),
    none(
      'hours of Stripe that are not those of our ledger',
      hoursApart(course, records),
      `${records.length}`,
    ),
    none('differences that our own comparison tells', await compared(course), pairs),
    none('names that Stripe counted twice', twice(events.map(({ identifier }) => identifier))),
    none('calls while another of the customer and meter was under way', overlaps),
    none(
      'refused',
      refused.map(({ said }) => said ?? ''),
    ),
    atLeast('kills', did.kills, 10),
    atLeast('calls that were made again', calls.length - events.length, 100),
    atLeast('records of hours that Stripe knew of before', Number(more.later), 100),
    atLeast('records that take something back', Number(more.back), 1),
  ]
}

const LATER = `
  select count(*) filter (where no > 1)::text as later, count(*) filter (where value < 0)::text as back
  from stripe_sync_records where state = 'sent'`

const OUR_HOURS = `
  select t.stripe_meter_ref || ' ' || r.customer_ref || ' ' || extract(epoch from r.at)::bigint as about, sum(r.value)::text as sum
  from stripe_sync_records r join stripe_triggers t on t.env_id = r.env_id and t.id = r.trigger_id
  where r.state = 'sent' group by 1`

function hoursApart(
  { stripe }: Course,
  records: readonly Readonly<Record<string, string>>[],
): string[] {
  const theirs = new Map<string, bigint>()
  for (const { meter, customer, timestamp, value } of stripe.books.meters.events) {
    const about = `${meter} ${customer} ${timestamp}`
    theirs.set(about, (theirs.get(about) ?? 0n) + value)
  }
  const ours = new Map(records.map(({ about = '', sum = '' }) => [about, BigInt(sum)]))
  return [...new Set([...theirs.keys(), ...ours.keys()])]
    .filter((about) => (theirs.get(about) ?? 0n) !== (ours.get(about) ?? 0n))
    .map((about) => `${about}: ${theirs.get(about) ?? 0n}, ours ${ours.get(about) ?? 0n}`)
}

/** What `GET …/reconciliation` says, page by page; and whom it does not name. */
async function compared({ insist, told, customers, startedAtMs }: Course): Promise<string[]> {
  const wrong: string[] = []
  const at = (hours: number) =>
    encodeURIComponent(new Date(hourBefore(startedAtMs, hours)).toISOString())
  for (const { key, triggerId } of told) {
    const span = `from=${at(HOURS)}&to=${at(-1)}`
    const named = new Set<string>()
    let cursor: string | null = ''
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${cursor}`
      const page = await insist(
        'GET',
        `/api/v1/stripe/triggers/${triggerId}/reconciliation?${span}${next}`,
      )
      for (const row of page.data) {
        named.add(row.customerId)
        if (row.difference !== '0') wrong.push(`${key}: ${JSON.stringify(row)}`)
      }
      cursor = page.nextCursor
    }
    wrong.push(...customers.filter(({ id }) => !named.has(id)).map(({ id }) => `${key}: no ${id}`))
  }
  return wrong
}

function twice(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.filter((name) => seen.size === seen.add(name).size)
}
