import { beforeEach, describe, expect, test } from 'vitest'
import { plansRoutes } from '../catalog/plans.routes.ts'
import { aMeter } from '../catalog/test-plans.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { customersRoutes } from '../customers/customers.routes.ts'
import { attachFromStart } from '../discounts/attach-coupon.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, READER_KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { subscriptionsRoutes } from '../subscriptions/subscriptions.routes.ts'
import { invoicesRoutes } from './invoices.routes.ts'
import { advance, fold, forgetWork, use } from './test-billing.ts'

const ROUTES = [
  ...customersRoutes(),
  ...plansRoutes(),
  ...subscriptionsRoutes({ attachFromStart }),
  ...invoicesRoutes(),
]

const PRO = {
  key: 'pro',
  name: 'Pro',
  currency: 'USD',
  cycle: 'month',
  basePrice: '100',
  prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: 10_000, unitPrice: '0.01' }],
}

let app: TestApp
beforeEach(async () => {
  await forgetWork()
  app = await serveForTest(ROUTES)
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, app.envId, new Date())
    await aMeter(tx, app.envId)
  })
})

async function ask(method: string, target: string, body?: unknown) {
  const answer = await app.send(method, `/api/v1${target}`, { headers: KEY, body })
  return { status: answer.status, json: answer.json }
}

/** The answer, which must be good. */
async function good(method: string, target: string, body?: unknown) {
  const { status, json } = await ask(method, target, body)
  if (status >= 300) throw new Error(`${method} ${target}: ${status} ${JSON.stringify(json)}`)
  return json
}

test('the month of the guide, over HTTP: a plan, a subscription, usage, an invoice', async () => {
  const plan = await good('POST', '/plans', PRO)
  expect(plan).toMatchObject({
    key: 'pro',
    versions: [{ version: 1, basePrice: '100.00', baseMinor: '10000', graceSeconds: 3600 }],
  })
  await good('POST', '/customers', { customerId: 'user/123', name: 'Ann' })
  const subscription = await good('POST', '/subscriptions', {
    plan: 'pro',
    customerId: 'user/123',
    startedAt: '2026-03-01T00:00:00Z',
    cancelAt: '2026-04-01T00:00:00Z',
  })
  expect(subscription).toMatchObject({ status: 'active', periods: [{ periodNo: 0 }] })
  await use(app.envId, [{ customer: 'user/123', at: '2026-03-05T00:00:00Z', amount: '12000' }])
  await fold()

  const preview = await good('GET', `/subscriptions/${subscription.id}/preview`)
  expect(preview).toMatchObject({ total: '120.00', customerId: 'user/123' })

  await advance(app.envId, '2026-04-01T01:00:00Z')
  const { data } = await good('GET', '/invoices?customerId=user%2F123&status=finalized')
  expect(data).toMatchObject([{ total: '120.00', number: 'INV-000001' }])
  const invoice = await good('GET', `/invoices/${data[0].id}`)
  expect(invoice).toMatchObject({ lines: preview.lines, total: preview.total })
  const events = await good('GET', `/invoices/${invoice.id}/lines/2/events`)
  expect(events).toMatchObject({ data: [{ customerId: 'user/123', amount: '12000' }] })
  expect(events.data[0].eventId).toMatch(/^evt_/)

  expect(await good('GET', `/subscriptions/${subscription.id}`)).toMatchObject({
    status: 'canceled',
    periods: [{ state: 'invoiced' }],
  })
})

describe('the life of a subscription', () => {
  test('is suspended, resumed and canceled, and says what is possible', async () => {
    await good('POST', '/plans', PRO)
    const { id } = await good('POST', '/subscriptions', { plan: 'pro' })
    expect(await good('POST', `/subscriptions/${id}/suspend`)).toMatchObject({
      status: 'suspended',
    })
    expect(await ask('POST', `/subscriptions/${id}/suspend`)).toMatchObject({
      status: 409,
      json: { error: { details: { possible: ['change', 'resume', 'cancel'] } } },
    })
    expect(await good('POST', `/subscriptions/${id}/resume`)).toMatchObject({ status: 'active' })
    const planned = await good('POST', `/subscriptions/${id}/cancel`, { when: 'period_end' })
    expect(planned.cancelAt).toBe(planned.periods[0].end)
    expect(await good('POST', `/subscriptions/${id}/cancel`, { when: 'now' })).toMatchObject({
      status: 'canceled',
    })
    expect(await ask('POST', `/subscriptions/${id}/unpark`)).toMatchObject({ status: 409 })
  })
})

test('lists go on where the last page ended', async () => {
  await good('POST', '/plans', { ...PRO, prices: [] })
  for (let n = 0; n < 5; n++) await good('POST', '/subscriptions', { plan: 'pro' })
  const ids: string[] = []
  let cursor = ''
  for (let pages = 0; pages < 3; pages++) {
    const page = await good('GET', `/subscriptions?limit=2${cursor}`)
    ids.push(...page.data.map(({ id }: { id: string }) => id))
    cursor = `&cursor=${page.nextCursor}`
  }
  expect(new Set(ids).size).toBe(5)
  expect(await ask('GET', '/subscriptions?cursor=WyJ4IiwieSJd')).toMatchObject({ status: 400 })
  expect(await ask('GET', '/invoices?cursor=WyJ4IiwieSJd')).toMatchObject({ status: 400 })
})

test.each([
  ['POST', '/plans', { ...PRO, basePrice: -1 }, 400],
  ['POST', '/plans', { ...PRO, basePrice: '100.001' }, 422],
  ['POST', '/plans', { ...PRO, extra: true }, 400],
  ['POST', '/plans', { ...PRO, cycle: 'hour' }, 400],
  ['POST', '/plans', { ...PRO, graceSeconds: 1.5 }, 400],
  ['POST', '/plans', { ...PRO, key: 'plan_x' }, 400],
  ['POST', '/plans/nope/versions', { currency: 'USD', cycle: 'month' }, 404],
  ['POST', '/plans/nope/archive', undefined, 404],
  ['GET', '/plans/nope', undefined, 404],
  ['POST', '/customers', { customerId: '' }, 400],
  ['POST', '/customers', { customerId: 'a', parentId: 'nobody' }, 404],
  ['PATCH', '/customers/nobody', { name: 'x' }, 404],
  ['GET', '/customers/nobody', undefined, 404],
  ['POST', '/subscriptions', { plan: 'nope' }, 404],
  ['POST', '/subscriptions', { plan: 'nope', startedAt: '2026-02-30T00:00:00Z' }, 400],
  ['POST', '/subscriptions/nope/cancel', { when: 'now' }, 404],
  ['POST', '/subscriptions/nope/cancel', { when: 'later' }, 400],
  ['GET', '/subscriptions/nope/preview', undefined, 404],
  ['GET', '/invoices/nope', undefined, 404],
  ['GET', '/invoices/nope/lines/1/events', undefined, 404],
  ['GET', '/invoices/nope/lines/x/events', undefined, 400],
])('%s %s with %j answers %i', async (method, target, body, status) => {
  expect((await ask(method, target, body)).status).toBe(status)
})

test('no route answers a key without its scope', async () => {
  for (const { method, path } of ROUTES) {
    const target = path.replace(/:\w+/g, 'x')
    const body = method === 'GET' ? {} : { body: {} }
    const { status } = await app.send(method, target, { headers: READER_KEY, ...body })
    expect(`${method} ${path} ${status}`).toBe(`${method} ${path} 403`)
  }
})
