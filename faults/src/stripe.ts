import { setTimeout as sleep } from 'node:timers/promises'
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
import { poster } from './world.ts'

const SMALL = 60
const FULL = 1_000
const AT_ONCE = 8
const ANSWER_MS = 250 // money has moved, and nobody has been told
const PAUSE_MS = 1_000 // from a process that is ready again to the next kill
const TELL_MS = 100
const PATIENCE_MS = 900_000
const TWO_DAYS_MS = 2 * 86_400_000
const REPEATED_MS = 3_000 // until whatever was cut has been repeated
const AMOUNT = 10_000

/** What becomes of so many of the calls that move money. */
const FAULTS: readonly (readonly [Fault, number])[] = [
  ['cut_after', 0.12],
  ['cut_before', 0.05],
  ['rate_limited', 0.05],
  ['hang', 0.005],
]

/** Who collects invoices by Stripe, while it fails and the processes of the product are killed. */
type Course = {
  readonly arena: Arena
  readonly stripe: FakeStripe
  readonly random: Random
  readonly ask: (method: string, path: string, body: object) => Promise<unknown>
  readonly post: ReturnType<typeof poster>
  readonly webhookUrl: () => string
}

/**
 * Has invoices be collected by a Stripe that fails, tells twice and in no order, and forgets its keys half-way, while servers and
 * workers are killed. Whatever happens, each invoice is paid, and by one PaymentIntent.
 */
export async function collectByStripe(setting: Setting): Promise<Finding[]> {
  const invoices = setting.isFull ? FULL : SMALL
  const stripe = await startFakeStripe()
  try {
    const environment = { USAGEFLOW_STRIPE_URL: stripe.url }
    const arena = await openArena({ ...setting, hasProxy: false, environment })
    try {
      const course = await connected(arena, stripe, setting.random)
      await welcomed(course, invoices)
      const kills = await collected(course, invoices)
      return [...(await judged(course, { invoices, kills })), ...(await endFindings(arena))]
    } finally {
      await arena.close()
    }
  } finally {
    await stripe.stop()
  }
}

async function connected(arena: Arena, stripe: FakeStripe, random: Random): Promise<Course> {
  const ours = await createOrganization(arena.product, 'Stripe', '2026-01-01T00:00:00Z')
  const { key } = await createKey(arena.product, ours, 'test')
  const [target] = arena.targets
  if (!target) throw new Error('there is no server')
  const ask = async (method: string, path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${target.port}${path}`, {
      method,
      headers: { 'x-usageflow-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return answer.json()
  }
  const { apiKey, webhookSecret } = stripe
  const made = await ask('PUT', '/api/v1/stripe', { apiKey, webhookSecret })
  const { connection } = made as { connection: { webhookUrl: string } }
  const { pathname } = new URL(connection.webhookUrl)
  const webhookUrl = () => `http://127.0.0.1:${random.pick(arena.targets).port}${pathname}`
  return { arena, stripe, random, ask, post: poster(target, key), webhookUrl }
}

/** Customers with a card of Stripe, and what they can subscribe to. */
async function welcomed({ stripe, ask, post, webhookUrl }: Course, count: number): Promise<void> {
  await ask('PATCH', '/api/v1/collection-settings', { collection: 'automatic' })
  const plan = { key: 'p', name: 'P', currency: 'USD', cycle: 'year', basePrice: '100', prices: [] }
  await post('/api/v1/plans', { ...plan, baseInAdvance: true })
  await forAll(count, async (customerId) => {
    await post('/api/v1/customers', { customerId })
    const page = { returnUrl: 'https://shop.example', currency: 'USD' }
    const { url } = await post(`/api/v1/customers/${customerId}/payment-method-setups`, page)
    stripe.books.completeSession(String(url).split('/').at(-1) ?? '', 'ok')
  })
  for (const event of stripe.events.splice(0)) await stripe.send(webhookUrl(), event)
}

async function forAll(count: number, work: (customerId: string) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    while (next < count) await work(`customer-${next++}`)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

/** Has all subscribe and makes trouble until all is paid, or has had time enough. Returns how often a process was killed. */
async function collected(course: Course, invoices: number): Promise<number> {
  const { arena, stripe, random, post } = course
  await untilCards(course, invoices)
  stripe.slow(ANSWER_MS)
  failing(course)
  const subscribing = forAll(invoices, async (customerId) => {
    await post('/api/v1/subscriptions', { customerId, plan: 'p' })
  })
  const giveUpMs = performance.now() + PATIENCE_MS
  const telling = tellUntil(course, giveUpMs)
  let kills = 0
  let areKeysForgotten = false
  while ((await paid(course)) < invoices && performance.now() < giveUpMs) {
    await random.pick([...arena.servers, ...arena.workers]).kill()
    kills += 1
    if (!areKeysForgotten && stripe.books.moved().length > invoices / 2) {
      await forgetKeys(course)
      areKeysForgotten = true
    }
    await sleep(PAUSE_MS)
  }
  telling.stop()
  await subscribing
  return kills
}

function failing({ stripe, random }: Course): void {
  stripe.fail((what) => (what.startsWith('POST /v1/payment_intents') ? faultBy(random) : null))
}

/**
 * Two days pass at Stripe, while nothing fails: its library repeats a call at once whose connection broke, and no two days lie
 * between.
 */
async function forgetKeys(course: Course): Promise<void> {
  const { stripe } = course
  stripe.fail(null)
  await sleep(REPEATED_MS)
  stripe.elapse(TWO_DAYS_MS)
  failing(course)
}

function faultBy(random: Random): Fault | null {
  const [fault] = FAULTS.find(([, share]) => random.chance(share)) ?? [null]
  return fault
}

/** The cards were told of; their customers pay with them once that was looked up. */
async function untilCards({ arena }: Course, invoices: number): Promise<void> {
  const cards = 'select count(*)::int as count from payment_methods where is_default'
  const giveUpMs = performance.now() + PATIENCE_MS
  while ((await counted(arena, cards)) < invoices && performance.now() < giveUpMs)
    await sleep(TELL_MS)
}

/** Tells what Stripe has to tell, each twice and in no order; what nobody took is told again. */
function tellUntil({ stripe, random, webhookUrl }: Course, giveUpMs: number): { stop(): void } {
  let isOver = false
  const tell = async () => {
    while (!isOver && performance.now() < giveUpMs) {
      const events = stripe.events.splice(0)
      for (const event of random.shuffled([...events, ...events])) {
        const status = await stripe.send(webhookUrl(), event).catch(() => null)
        if (status !== 200) stripe.events.push(event)
      }
      await sleep(TELL_MS)
    }
  }
  void tell()
  return {
    stop() {
      isOver = true
    },
  }
}

const paid = ({ arena }: Course) =>
  counted(arena, "select count(*)::int as count from invoice_states where status = 'paid'")

async function counted(arena: Arena, query: string): Promise<number> {
  const client = await arena.database.connect()
  const { rows } = await client.query(query).finally(() => client.end())
  return Number(rows[0]?.count)
}

/** Compares the books of Stripe with what our tables say. */
async function judged(
  course: Course,
  { invoices, kills }: { readonly invoices: number; readonly kills: number },
): Promise<Finding[]> {
  const { arena, stripe } = course
  const moved = stripe.books.moved()
  const charged = moved.map(({ metadata }) => `${metadata.usageflow_invoice}`)
  const twice = charged.filter((invoice, n) => charged.indexOf(invoice) !== n)
  const client = await arena.database.connect()
  const { rows: payments } = await client
    .query("select invoice_id, provider_ref from payments where status = 'succeeded'")
    .finally(() => client.end())
  const ours = new Set(payments.map((one) => `${one.invoice_id} ${one.provider_ref}`))
  const unknown = moved.filter(
    ({ id, metadata }) => !ours.has(`${metadata.usageflow_invoice} ${id}`),
  )
  const searches = stripe.requests.filter(({ what }) => what === 'GET /v1/payment_intents').length
  printTable('Did', [
    ['invoices', `${invoices}`],
    ['kills', `${kills}`],
    ['calls of Stripe', `${stripe.requests.length}, looked ${searches} times for what was sent`],
  ])
  return [
    none('invoices charged twice', twice, `${invoices}`),
    none(
      'charges that no payment of ours names',
      unknown.map(({ id }) => id),
      `${moved.length}`,
    ),
    none(
      'charges of another amount',
      moved.filter(({ amount }) => amount !== AMOUNT).map(({ id }) => id),
    ),
    atLeast('invoices paid', await paid(course), invoices),
    atLeast('invoices charged', new Set(charged).size, invoices),
    atLeast('kills', kills, 1),
    atLeast('outcomes that were looked for', searches, 1),
  ]
}
