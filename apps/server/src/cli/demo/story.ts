import type { ApiClient } from '../api-client.ts'
import { expectSuccess } from './call.ts'
import type { Received, Receiver } from './receiver.ts'

/** What the story needs of the outside. Everything it does goes over the public HTTP API. */
export type Stage = {
  readonly api: ApiClient
  readonly receiver: Receiver
  tell(step: string, detail?: string): void
  onSent(sent: number, all: number): void
}

export type Invoice = {
  readonly id: string
  readonly number: string
  readonly status: string
  readonly currency: string
  readonly totalMinor: string
  readonly total: string
  readonly lines: readonly {
    readonly description: string
    readonly quantity: string
    readonly included: string
    readonly billable: string
    readonly unitPrice: string
    readonly amountMinor: string
    readonly amount: string
  }[]
}

export type Ending = { readonly invoice: Invoice; readonly webhooks: readonly Received[] }

const CALLS = 12_000
const SINGLE_CALLS = 1_000 // sent one by one to POST /api/track; the rest goes in batches
const BATCH_CALLS = 1_000
const SENDERS = 16
const CUSTOMERS = ['user_123', 'user_456', 'user_789']
const AFTER_GRACE = '2026-04-01T01:30:00Z'
const WEBHOOK_WAIT_MS = 20_000

/** Where the clock of the story starts: the morning of 1 March. */
export const STORY_START = new Date('2026-03-01T09:00:00Z')

/** Lives through one month of CloudAI on the plan Pro, from the first call to the paid-for webhook. */
export async function liveThrough(stage: Stage): Promise<Ending> {
  const { tell } = stage
  await post(stage, '/api/v1/meters', { key: 'API_CALL', name: 'API Calls', unit: 'calls' })
  tell('Meter API_CALL', 'API Calls, the sum of the amounts of its events')
  await post(stage, '/api/v1/plans', {
    key: 'pro',
    name: 'Pro',
    currency: 'USD',
    cycle: 'month',
    basePrice: '100',
    prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '10000', unitPrice: '0.01' }],
  })
  tell('Plan Pro', '$100 a month, 10,000 calls included, then $0.01 each')
  const endpoint = await post(stage, '/api/v1/webhook-endpoints', {
    url: stage.receiver.url,
    eventTypes: ['invoice.*'],
  })
  stage.receiver.trust(String(endpoint.secret))
  tell('Webhook endpoint', stage.receiver.url)
  await post(stage, '/api/v1/subscriptions', { plan: 'pro' })
  tell(
    'Subscription',
    "CloudAI's own account is on Pro and pays for the usage of all its customers",
  )
  const repeated = await sendCalls(stage)
  tell(
    `${count(CALLS)} API calls sent`,
    `${count(SINGLE_CALLS)} one by one and the rest in batches; ${count(repeated)} of them twice`,
  )
  const usage = await usageUntil(stage, CALLS)
  tell(
    'Aggregated usage',
    `${count(Number(usage))} calls of ${CUSTOMERS.length} customers, every repeat counted once`,
  )
  await post(stage, '/api/v1/clock', { now: AFTER_GRACE })
  tell('Clock moved', 'past the end of March and an hour of grace for late events')
  const created = await stage.receiver.waitFor('invoice.created', WEBHOOK_WAIT_MS)
  const finalized = await stage.receiver.waitFor('invoice.finalized', WEBHOOK_WAIT_MS)
  const invoice = (await get(
    stage,
    `/api/v1/invoices/${String(finalized.data.invoiceId)}`,
  )) as unknown as Invoice
  return { invoice, webhooks: [created, finalized] }
}

/** Sends every call once and some twice, as a program does that retries. Returns how many were repeated. */
async function sendCalls(stage: Stage): Promise<number> {
  const events = Array.from({ length: CALLS }, (_, index) => ({
    idempotencyKey: `call-${index + 1}`,
    customerId: CUSTOMERS[index % CUSTOMERS.length] ?? 'user_123',
  }))
  const singles = events.slice(0, SINGLE_CALLS)
  const repeats = singles.filter((_, index) => index % 5 === 0)
  let sent = 0
  const advance = (by: number): void => {
    sent += by
    stage.onSent(Math.min(sent, CALLS), CALLS)
  }
  await inParallel([...singles, ...repeats], SENDERS, async ({ idempotencyKey, customerId }) => {
    const body = { metric: 'API_CALL', amount: 1, customerId, metadata: { endpoint: '/v1/chat' } }
    await post(stage, '/api/track', body, { 'idempotency-key': idempotencyKey })
    advance(1)
  })
  const batches: (typeof events)[] = []
  for (let at = SINGLE_CALLS; at < CALLS; at += BATCH_CALLS)
    batches.push(events.slice(at, at + BATCH_CALLS))
  const again = batches.slice(0, 1)
  for (const batch of [...batches, ...again]) {
    await post(
      stage,
      '/api/v1/events',
      batch.map((event) => ({ name: 'API_CALL', ...event })),
    )
    advance(batch.length)
  }
  return repeats.length + again.reduce((total, batch) => total + batch.length, 0)
}

/** The worker is a moment behind: asks until it has counted everything. */
async function usageUntil(stage: Stage, expected: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const query = 'meter=API_CALL&from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z'
    const usage = await get(stage, `/api/v1/usage?${query}`)
    const { quantity } = usage.total as { quantity: string }
    if (Number(quantity) >= expected || tries === 100) return quantity
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function inParallel<T>(
  items: readonly T[],
  places: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const run = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item)
  }
  await Promise.all(Array.from({ length: places }, run))
}

async function post(
  stage: Stage,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Record<string, unknown>> {
  return expectSuccess(`POST ${path}`, await stage.api.post(path, body, headers))
}

async function get(stage: Stage, path: string): Promise<Record<string, unknown>> {
  return expectSuccess(`GET ${path}`, await stage.api.get(path))
}

function count(value: number): string {
  return value.toLocaleString('en-US')
}
