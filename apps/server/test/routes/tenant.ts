import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { newId } from '../../src/platform/id.ts'
import type { RunningApp } from './running-app.ts'

/** One of everything that an environment can have, by the name of the parameter in the paths of routes. */
export type Belongings = {
  /** What may stand for the parameter: an id and, for some, a key of the tenant's own choice. */
  readonly ids: Readonly<Record<string, readonly string[]>>
  /** Stands in every text that the tenant chose. */
  readonly canary: string
}

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
type Create = (path: string, body: unknown) => Promise<any>

type Tenant = {
  readonly app: RunningApp
  readonly key: string
  readonly create: Create
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  readonly read: (path: string) => Promise<any>
}

const LONG_AFTER = '2026-05-20T00:00:00Z'
const WAIT_MS_MAX = 60_000
const HOUR_MS = 3_600_000

/** Lives through a month over HTTP. Every creation is sent twice, as a client does that got no answer. */
export async function liveThrough(
  app: RunningApp,
  key: string,
  canary: string,
): Promise<Belongings> {
  let creations = 0
  const create = async (path: string, body: unknown) => {
    creations += 1
    const request = { key, body, once: `${canary}-${creations}` }
    const first = await app.call('POST', path, request)
    expect(first, path).toMatchObject({ status: 201 })
    expect(await app.call('POST', path, request), path).toMatchObject({ text: first.text })
    return first.json
  }
  const read = async (path: string) => {
    const answer = await app.call('GET', path, { key })
    expect(answer, path).toMatchObject({ status: 200 })
    return answer.json
  }

  const customerId = `${canary} customer`
  const meter = await create('/api/v1/meters', { key: `${canary}.calls`, name: canary })
  const vat = { key: `${canary}-vat`, name: canary, percent: '19' }
  const taxRate = await create('/api/v1/tax-rates', vat)
  const plan = await create('/api/v1/plans', planOf(meter.key, canary))
  const endpoint = await create('/api/v1/webhook-endpoints', {
    url: `${app.receiverUrl}/${canary}`,
    description: canary,
  })
  await create('/api/v1/customers', { customerId, name: canary })
  const credits = await credited(create, { customerId, meter: meter.key, canary })
  const subscription = await create('/api/v1/subscriptions', { customerId, plan: plan.key })
  const day = { kind: 'usage', window: 'day', meter: meter.key, thresholds: ['1'] }
  const alert = await create('/api/v1/alerts', { ...day, name: canary, customerId })
  const discounts = await discounted(create, canary, customerId)
  const addOns = await extended(create, canary, subscription.id)
  const controlled = await controlledBy({ app, key, create, read }, canary)
  const by = { app, key, create, read }
  const usage = await metered(by, canary, meter.key)
  const told = await toldToStripe(by, canary, meter.key)
  const moved = await app.call('POST', '/api/v1/clock', { key, body: { now: LONG_AFTER } })
  expect(moved.status).toBe(200)

  const invoices = await read('/api/v1/invoices?status=finalized')
  const payments = await collected(by, customerId, invoices.data[0].id)
  await billedAtStripe(told.triggerId[0] ?? '', invoices.data[0].id, canary)
  const taken = { amount: '0.01', settlement: 'credit', reason: canary }
  const creditNote = await create(`/api/v1/invoices/${invoices.data[0].id}/credit-notes`, taken)
  const facts = await read('/api/v1/facts?type=invoice.finalized')
  const deliveries = await eventually(
    () => read(`/api/v1/webhook-deliveries?factId=${facts.data[0].id}`),
    (list) => list.data.length > 0,
  )
  return {
    canary,
    ids: {
      customerId: [customerId],
      meter: [meter.id, meter.key],
      plan: [plan.id, plan.key],
      ...discounts,
      ...addOns,
      ...controlled,
      alertId: [alert.id],
      creditNoteId: [creditNote.id],
      taxRate: [taxRate.id, taxRate.key],
      ...credits,
      subscriptionId: [subscription.id],
      invoiceId: [invoices.data[0].id],
      lineNo: ['1'],
      ...payments,
      ...usage,
      ...told,
      endpointId: [endpoint.id],
      deliveryId: [deliveries.data[0].id],
      factId: [facts.data[0].id],
    },
  }
}

function planOf(meter: string, canary: string) {
  return {
    ...{ key: `${canary}-pro`, name: canary, currency: 'USD', cycle: 'month', basePrice: '100' },
    prices: [{ meter, model: 'per_unit', unitPrice: '0.01' }],
  }
}

/** A customer with credits of a meter, some of them held. */
async function credited(
  create: Create,
  of: { readonly customerId: string; readonly meter: string; readonly canary: string },
) {
  const { customerId, meter, canary } = of
  const path = `/api/v1/customers/${encodeURIComponent(customerId)}/credits`
  const credit = await create(path, { meter, units: '100', name: canary })
  const hold = await create('/api/v1/holds', { customerId, meter, units: '1' })
  return { creditId: [credit.id], holdId: [hold.id] }
}

/** Events, one of them of an import. */
async function metered({ app, key, create }: Tenant, canary: string, name: string) {
  const opened = await create('/api/v1/imports', {
    source: `${canary}.csv`,
    from: '2026-03-01T00:00:00Z',
    to: '2026-03-02T00:00:00Z',
  })
  const event = { name, customerId: `${canary} customer`, metadata: { note: canary } }
  const sent = await app.call('POST', '/api/v1/events', {
    key,
    body: [
      { ...event, amount: 5, idempotencyKey: `${canary}-a` },
      {
        ...event,
        amount: 6,
        idempotencyKey: `${canary}-b`,
        importId: opened.id,
        timestamp: '2026-03-01T12:00:00Z',
      },
    ],
  })
  expect(sent.json.results).toMatchObject([{ status: 'recorded' }, { status: 'recorded' }])
  return { eventId: [sent.json.results[0].eventId], importId: [opened.id] }
}

/** A payment that waits for its customer; whoever is to be told of it has been. */
async function collected(by: Tenant, customerId: string, invoiceId: string) {
  const path = `/api/v1/customers/${encodeURIComponent(customerId)}/payment-methods`
  const method = await by.create(path, { token: 'pm_test_needs_action' })
  const payment = await by.app.call('POST', `/api/v1/invoices/${invoiceId}/collect`, {
    key: by.key,
  })
  expect(payment.status).toBe(202)
  await eventually(
    () => by.read('/api/v1/webhook-deliveries'),
    ({ data: [last] }) => last.type === 'payment.action_required' && last.state === 'delivered',
  )
  const meter = `${customerId.replace(/ customer$/, '')}.calls`
  const topUp = await by.app.call('PUT', path.replace('payment-methods', 'auto-top-up'), {
    key: by.key,
    body: { meter, units: '1', below: '1', priceMinor: '100', currency: 'USD' },
  })
  expect(topUp.status).toBe(200)
  return {
    paymentMethodId: [method.id],
    paymentId: [payment.json.id],
    autoTopUpId: [topUp.json.id],
  }
}

/** Usage of a meter that is told to an account of Stripe, and what was refused of it. */
async function toldToStripe({ app, key, create }: Tenant, canary: string, meter: string) {
  const { apiKey, webhookSecret, books } = app.stripe
  const connected = await app.call('PUT', '/api/v1/stripe', {
    key,
    body: { apiKey, webhookSecret },
  })
  expect(connected.status).toBe(200)
  const { event_name: eventName } = books.meters.add(`${canary}-at-stripe`)
  const usageFrom = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS)
  const trigger = await create('/api/v1/stripe/triggers', { meter, eventName, usageFrom })
  const recordId = newId('strr')
  await inOwnTransaction(async (tx) => {
    const { env_id: envId } = await tx
      .selectFrom('stripe_triggers')
      .where('id', '=', trigger.id)
      .select('env_id')
      .executeTakeFirstOrThrow()
    const whose = { env_id: envId, trigger_id: trigger.id, customer: `${canary} customer` }
    const usage = { ...whose, counted: '1' }
    await tx
      .insertInto('stripe_usage_customers')
      .values({ ...usage, value: '1' })
      .execute()
    await tx
      .insertInto('stripe_usage_hours')
      .values({ ...usage, hour: usageFrom })
      .execute()
    const refused = { state: 'refused', reason: 'invalid_request', reason_text: canary }
    const record = { ...usage, ...refused, id: recordId, at: usageFrom, no: 1, value: '1' }
    await tx
      .insertInto('stripe_sync_records')
      .values({ ...record, identifier: recordId, created_at: new Date() })
      .execute()
  })
  return { triggerId: [trigger.id], recordId: [recordId] }
}

/** An invoice that Stripe was given, and refused. */
async function billedAtStripe(triggerId: string, invoiceId: string, canary: string) {
  await inOwnTransaction(async (tx) => {
    const { env_id: envId } = await tx
      .selectFrom('stripe_triggers')
      .where('id', '=', triggerId)
      .select('env_id')
      .executeTakeFirstOrThrow()
    const whose = { env_id: envId, invoice_id: invoiceId }
    await tx
      .insertInto('stripe_invoices')
      .values({
        ...{ ...whose, trigger_id: triggerId, customer: `${canary} customer`, currency: 'USD' },
        ...{ amount_minor: '100', state: 'refused', reason: 'invalid_request' },
        ...{ reason_text: canary, created_at: new Date() },
      })
      .execute()
    const period = { period_start: new Date(), period_end: new Date() }
    await tx
      .insertInto('stripe_invoice_items')
      .values({ ...whose, item_no: 1, description: canary, amount_minor: '100', ...period })
      .execute()
  })
}

/** A coupon, and somebody who has it. */
async function discounted(create: Create, canary: string, customerId: string) {
  const key = `${canary}-off`
  const made = { key, name: canary, percent: '10', duration: 'forever' }
  const coupon = await create('/api/v1/coupons', made)
  const attachment = await create('/api/v1/coupon-attachments', { coupon: key, customerId })
  return { coupon: [coupon.id, key], attachmentId: [attachment.id] }
}

/** An add-on, and a subscription that has it. */
async function extended(create: Create, canary: string, subscriptionId: string) {
  const key = `${canary}-seat`
  const made = { key, name: canary, currency: 'USD', amount: '5', recurring: 'period' }
  const addOn = await create('/api/v1/add-ons', made)
  const path = `/api/v1/subscriptions/${subscriptionId}/add-ons`
  const attached = await create(path, { addOn: key })
  return { addOn: [addOn.id, key], attachedAddOnId: [attached.id] }
}

/** A policy of an application, by a strategy, somebody who is blocked, and what the application has seen. */
async function controlledBy(
  { app, key: apiKey, create, read }: Pick<Tenant, 'app' | 'key' | 'create' | 'read'>,
  canary: string,
) {
  const key = `${canary}-user`
  const sources = [{ from: 'query', name: canary }]
  const strategy = await create('/api/v1/control/strategies', { key, name: canary, sources })
  const limits = [{ name: canary, limit: 100, window: '1h' }]
  const policy = await create('/api/v1/control/policies', {
    ...{ key: `${canary}-all`, name: canary, application: canary, url: `/${canary}/*` },
    ...{ strategy: key, limits },
    metering: [{ event: `${canary}.calls`, quantity: `metadata["${canary}"]` }],
  })
  const who = { kind: 'customer', id: `${canary} blocked`, reason: canary }
  const { blockId } = await create('/api/v1/control/blocks', who)
  await read(`/api/v1/control/config?application=${canary}`)
  const body = reportOf(canary, policy.id)
  const reported = await app.call('POST', '/api/v1/control/reports', { key: apiKey, body })
  expect(reported.json).toEqual({ status: 'recorded' })
  const endpoints = await read('/api/v1/control/endpoints')
  return {
    ...{ strategy: [strategy.id, key], policy: [policy.id, policy.key], blockId: [blockId] },
    endpoint: [endpoints.data[0].id],
    applicationName: [canary],
  }
}

function reportOf(canary: string, policyId: string) {
  const minute = new Date().toISOString()
  const request = { method: 'GET', route: `/${canary}`, customerId: canary }
  const counts = { requests: 1, statuses: { 200: 1 }, latency: { 300: 1 } }
  const identity = { kind: 'customer', id: canary }
  const told = {
    clientAddress: canary,
    userAgent: canary,
    queryNames: [canary],
    status: 200,
    durationMs: 1,
  }
  return {
    ...{ application: canary, producer: canary, sequence: 1, agent: canary },
    statistics: [{ minute, ...request, ...counts }],
    decisions: [{ policyId }, { pattern: canary }].map((whose) => ({
      ...{ minute, ...whose, limit: canary, mode: 'shadow', identity, refused: 1 },
    })),
    samples: [{ at: minute, ...request, ...told }],
    usage: { produced: 1, delivered: 0, queued: 0, refused: 1, dropped: 0 }, // is warned of
  }
}

async function eventually<T>(ask: () => Promise<T>, isEnough: (answer: T) => boolean): Promise<T> {
  const giveUpMs = performance.now() + WAIT_MS_MAX
  for (;;) {
    const answer = await ask()
    if (isEnough(answer) || performance.now() > giveUpMs) return answer
    await sleep(50)
  }
}
