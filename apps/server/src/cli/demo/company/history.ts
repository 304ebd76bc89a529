import type { Call } from '../call.ts'
import { fillCatalog } from './catalog.ts'
import { CUSTOMERS, type DemoCustomer } from './customers.ts'
import type { Receivers } from './receivers.ts'
import { type DemoEvent, usageOf } from './usage.ts'

/** Where the clock of the company starts. */
export const COMPANY_START = new Date('2026-03-01T00:00:00Z')

/** The night in which the data warehouse was out of order. */
export function isWarehouseDown(at: Date): boolean {
  return at >= new Date('2026-05-01T00:00:00Z') && at < new Date('2026-05-01T12:00:00Z')
}

type Stage = {
  readonly call: Call
  readonly receivers: Receivers
  tell(step: string, detail?: string): void
  onProgress(done: number, all: number): void
}

type Stop = {
  readonly at: string
  /** What people do then, after the usage until then is in. */
  readonly followedBy?: (call: Call) => Promise<unknown>
}

/**
 * The clock stops just before each half of a month is over, so that the usage of it is in before it is
 * invoiced, and again in the morning, when people look at what has come.
 */
const STOPS: readonly Stop[] = [
  { at: '2026-03-14T23:59:00Z' },
  { at: '2026-03-31T23:59:00Z' },
  { at: '2026-04-01T09:00:00Z', followedBy: inApril },
  { at: '2026-04-14T23:59:00Z', followedBy: (call) => payTransfers(call) },
  { at: '2026-04-30T23:59:00Z' },
  { at: '2026-05-01T13:00:00Z', followedBy: inMay },
  { at: '2026-05-14T23:59:00Z', followedBy: (call) => payTransfers(call, ['ridgeline']) },
  { at: '2026-05-31T23:59:00Z' },
  { at: '2026-06-01T09:00:00Z', followedBy: inJune },
  { at: '2026-06-10T15:20:00Z', followedBy: (call) => payTransfers(call, ['ridgeline', 'harbor']) },
]

/** Lives through three months and ten days of the company. */
export async function liveThroughMonths(stage: Stage): Promise<void> {
  const { call, tell, onProgress } = stage
  await begin(stage)
  let fromMs = COMPANY_START.getTime()
  for (const [index, { at, followedBy }] of STOPS.entries()) {
    onProgress(index, STOPS.length)
    await moveClock(call, at)
    await sendUsage(call, fromMs, Date.parse(at))
    fromMs = hourAfter(Date.parse(at))
    await followedBy?.(call)
    if (index === STOPS.length - 1 || followedBy) tell('Lived through', `until ${at.slice(0, 10)}`)
  }
}

async function begin({ call, receivers, tell }: Stage): Promise<void> {
  await fillCatalog(call)
  tell('Catalog', 'four meters, seven plans of different models, a coupon, an add-on, alerts')
  await call('POST', '/webhook-endpoints', {
    ...{ url: receivers.bookkeeping, description: 'Bookkeeping' },
    eventTypes: ['invoice.*', 'payment.*', 'credit_note.created'],
  })
  await call('POST', '/webhook-endpoints', {
    ...{ url: receivers.warehouse, description: 'Data warehouse' },
  })
  await join(call, 0)
  await call('POST', '/coupon-attachments', { coupon: 'launch-20', customerId: 'bluebird' })
  await call('POST', '/customers/fennel/credits', {
    ...{ meter: 'API_CALL', units: '25000', name: 'Welcome', isPromotional: true, lowAt: '5000' },
  })
  await call('POST', '/customers/orchard/credits', {
    ...{ amountMinor: '250000', currency: 'USD', name: 'Prepaid for the season' },
  })
}

async function inApril(call: Call): Promise<void> {
  await join(call, 1)
  await changeOf(call, 'tidewater', { plan: 'growth', when: 'period_end' })
  await call('POST', `/subscriptions/${await subscriptionOf(call, 'kestrel')}/add-ons`, {
    addOn: 'priority-support',
  })
}

async function inMay(call: Call): Promise<void> {
  await join(call, 2)
  await call('POST', '/invoices', {
    ...{ customerId: 'harbor', currency: 'USD' },
    items: [{ description: 'Integration workshop, days', quantity: '2', unitAmount: '1800' }],
  })
  const april = await firstInvoiceOf(call, 'kestrel')
  await call('POST', `/invoices/${april}/credit-notes`, {
    ...{ amount: '150', settlement: 'credit', reason: 'Degraded search on 18 April' },
  })
  await call('POST', '/customers/maple/credits', {
    ...{ amountMinor: '100000', currency: 'USD', name: 'Migration allowance' },
    ...{ isPromotional: true, validTo: '2026-09-01T00:00:00Z' },
  })
}

async function inJune(call: Call): Promise<void> {
  await join(call, 3)
  await changeOf(call, 'linden', { quantity: '18', when: 'period_end' })
  await call('POST', `/subscriptions/${await subscriptionOf(call, 'saltmarsh')}/cancel`, {
    when: 'period_end',
  })
}

/** Those who come in this month sign their contract in the morning of its first day. */
async function join(call: Call, month: number): Promise<void> {
  for (const customer of CUSTOMERS.filter(({ joins = 0 }) => joins === month)) {
    const { id, name, address, language, taxRate, taxNumber } = customer
    await call('POST', '/customers', {
      ...{ customerId: id, name, email: `billing@${id}.example`, address },
      ...given({ language, taxRate, taxNumber }),
    })
    if (customer.card) await payByCard(call, id, customer.card)
    await call('POST', '/subscriptions', {
      ...{ customerId: id, plan: customer.plan, startedAt: new Date(beganMs(customer)) },
      ...given({ quantity: customer.quantity?.toString(), trialDays: customer.trialDays }),
    })
  }
}

async function payByCard(call: Call, customerId: string, token: string): Promise<void> {
  await call('POST', `/customers/${customerId}/payment-methods`, { token })
  await call('PUT', `/customers/${customerId}/collection`, { collection: 'automatic' })
}

/** Books what has come in by transfer; the late payers take their time. */
async function payTransfers(call: Call, late: readonly string[] = []): Promise<void> {
  const byTransfer = new Set(CUSTOMERS.filter(({ card }) => !card).map(({ id }) => id))
  const { data } = (await call('GET', '/invoices?status=finalized&limit=100')) as {
    data: { id: string; customerId: string }[]
  }
  for (const { id, customerId } of data)
    if (byTransfer.has(customerId) && !late.includes(customerId))
      await call('POST', `/invoices/${id}/pay`)
}

async function changeOf(call: Call, customerId: string, change: object): Promise<void> {
  await call('POST', `/subscriptions/${await subscriptionOf(call, customerId)}/change`, change)
}

async function subscriptionOf(call: Call, customerId: string): Promise<string> {
  return firstId(await call('GET', `/subscriptions?customerId=${customerId}&limit=1`))
}

async function firstInvoiceOf(call: Call, customerId: string): Promise<string> {
  return firstId(await call('GET', `/invoices?customerId=${customerId}&limit=1`))
}

function firstId(page: Record<string, unknown>): string {
  const { data } = page as { data: { id: string }[] }
  return data[0]?.id ?? 'none'
}

const BATCH_EVENTS = 1_000
const BATCHES_AT_ONCE = 4

async function sendUsage(call: Call, fromMs: number, toMs: number): Promise<void> {
  const events = CUSTOMERS.flatMap((customer) =>
    usageOf(customer, { beganMs: beganMs(customer), fromMs, toMs }),
  ).filter(({ timestamp }) => Date.parse(timestamp) < toMs)
  const batches = Array.from({ length: Math.ceil(events.length / BATCH_EVENTS) }, (_, index) =>
    events.slice(index * BATCH_EVENTS, (index + 1) * BATCH_EVENTS),
  )
  const sendNext = async (): Promise<void> => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await sendBatch(call, batch)
  }
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, sendNext))
}

async function sendBatch(call: Call, events: readonly DemoEvent[]): Promise<void> {
  const { results } = (await call('POST', '/events', events)) as {
    results: { status: string; error?: { message: string } }[]
  }
  const refused = results.find(({ status }) => status === 'refused')
  if (refused) throw new Error(`an event was refused: ${refused.error?.message}`)
}

const WAITS_MAX = 600
const WAIT_MS = 1_000 // as long as parts of the server may believe that it is earlier

/** A clock that answers while it still moves is asked again; by the wait after that, everybody knows the time. */
async function moveClock(call: Call, now: string): Promise<void> {
  let { isMoving } = await call('POST', '/clock', { now })
  for (let waits = 0; isMoving && waits < WAITS_MAX; waits += 1) {
    isMoving = (await call('GET', '/clock')).isMoving
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
  }
  if (isMoving) throw new Error(`the clock does not arrive at ${now}`)
}

function beganMs({ joins = 0 }: DemoCustomer): number {
  const start = new Date(COMPANY_START)
  start.setUTCMonth(start.getUTCMonth() + joins)
  return start.getTime()
}

const HOUR_MS = 3_600_000

function hourAfter(atMs: number): number {
  return Math.ceil(atMs / HOUR_MS) * HOUR_MS
}

function given(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
