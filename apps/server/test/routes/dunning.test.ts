import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from './running-app.ts'

let app: RunningApp
let key: string
let envId: number
beforeAll(async () => {
  app = await runApp()
  const { test: environment, testKey } = await anOrganization('Dunning')
  key = testKey
  envId = environment.envId
}, 60_000)
afterAll(() => app.stop())

async function good(method: string, path: string, body?: unknown) {
  const answer = await app.call(method, `/api/v1${path}`, { key, body })
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`)
  return answer.json
}

const moveTo = (now: string) => good('POST', '/clock', { now })

async function statusOf(path: string, wanted: string): Promise<string> {
  for (let n = 0; n < 100; n++) {
    if ((await good('GET', path)).status === wanted) break
    await sleep(50)
  }
  return (await good('GET', path)).status
}

async function story(): Promise<string[]> {
  const { data } = await good('GET', '/facts?limit=200')
  const types: string[] = data.map(({ type }: { type: string }) => type).reverse()
  return types.filter((type) => /^(payment|invoice\.(paid|failed|overdue)|subscription)/.test(type))
}

test('declines are retried by the schedule, suspend the subscription, and payment resumes it', async () => {
  await good('PATCH', '/collection-settings', { collection: 'automatic', retryAfterDays: [3, 5] })
  await good('POST', '/customers', { customerId: 'ann' })
  await good('POST', '/customers/ann/payment-methods', { token: 'pm_test_declined' })
  const plan = { key: 'p', name: 'P', currency: 'USD', cycle: 'year', basePrice: '100', prices: [] }
  await good('POST', '/plans', { ...plan, baseInAdvance: true })
  const { id } = await good('POST', '/subscriptions', { customerId: 'ann', plan: 'p' })
  await moveTo('2026-03-20T00:00:00Z')
  expect(await statusOf(`/subscriptions/${id}`, 'suspended')).toBe('suspended')
  const { data: invoices } = await good('GET', '/invoices')
  const invoice = invoices[0]
  expect(invoice).toMatchObject({ status: 'failed' })
  const { data: tries } = await good('GET', `/payments?invoiceId=${invoice.id}`)
  expect(tries.map(({ status }: { status: string }) => status)).toEqual(Array(3).fill('failed'))
  const days = tries.map(({ createdAt }: { createdAt: string }) => createdAt.slice(0, 10))
  expect(days.reverse()).toEqual(['2026-03-02', '2026-03-05', '2026-03-10'])

  await good('POST', '/customers/ann/payment-methods', {
    token: 'pm_test_timeout',
    isDefault: true,
  })
  await good('POST', `/invoices/${invoice.id}/collect`)
  expect(await statusOf(`/subscriptions/${id}`, 'active')).toBe('active')
  expect((await good('GET', `/invoices/${invoice.id}`)).status).toBe('paid')
  expect(await story()).toEqual([
    'subscription.activated',
    ...['payment.failed', 'invoice.overdue', 'payment.failed', 'payment.failed'],
    ...['invoice.failed', 'subscription.suspended'],
    ...['payment.succeeded', 'invoice.paid', 'subscription.resumed'],
  ])
  const books = await inOwnTransaction((tx) =>
    tx
      .selectFrom('test_provider_charges')
      .where('env_id', '=', envId)
      .where('status', '=', 'succeeded')
      .select(['reference', 'calls'])
      .execute(),
  )
  expect(books).toEqual([{ reference: invoice.id, calls: 1 }]) // its answer was lost: asked, not charged again
}, 60_000)
