import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../../../apps/server/src/cli/api-client.ts'
import { invoiceOfFirstMonth } from '../../../tools/month-end.ts'
import { type ServerProcess, startServerProcess } from '../../../tools/server-process.ts'
import { anAccount, HOSTS, type Host, runHost, set } from './hosts.ts'

const CUSTOMER = 'ann'
const GRANTED = 100
const REQUESTS = 130
const AT_ONCE = 5
const WAIT_MS = 60_000
const POLL_MS = 500
/** What was used is held for some seconds beside its usage: of what that keeps back, the last passes within some of these. */
const FLOWN_BACK_MS = 120_000

let server: ServerProcess
beforeAll(async () => {
  server = await startServerProcess()
})
afterAll(() => server?.stop())

test('Express: as many requests pass as there are credits, the others are to be paid for, and the invoice takes what passed', {
  timeout: FLOWN_BACK_MS + 3 * WAIT_MS,
}, async () => {
  const { api, key } = await anAccount(server, 'Balance')
  await sell(api)
  const host = HOSTS.Express as Host
  const running = await runHost(host, { serverUrl: server.url, key })
  const statusOf = (customer: string) => chat(running.url, customer)
  // Somebody without credits is refused as soon as the host knows what holds.
  await expect.poll(() => statusOf('probe'), { timeout: WAIT_MS }).toBe(402)

  let passed = await passing(statusOf, REQUESTS)
  expect(passed).toBeGreaterThan(0)
  expect(passed).toBeLessThanOrEqual(GRANTED)
  const all = async () => {
    passed += await passing(statusOf, AT_ONCE)
    return passed
  }
  await expect.poll(all, { timeout: FLOWN_BACK_MS, interval: POLL_MS }).toBe(GRANTED)
  expect(await passing(statusOf, 2 * AT_ONCE)).toBe(0)

  await expect.poll(() => countedOf(api), { timeout: WAIT_MS, interval: POLL_MS }).toBe(GRANTED)
  await running.stop()
  const invoice = await invoiceOfFirstMonth(api, CUSTOMER, 'paid')
  expect(invoice.totalMinor).toBe('0')
  const { body } = await api.get(`/api/v1/customers/${CUSTOMER}/credit-entries`)
  const entries = (body as { data: readonly { kind: string; amount: object }[] }).data
  expect(entries.map(({ kind, amount }) => [kind, amount])).toEqual([
    ['use', { units: `-${GRANTED}` }],
    ['grant', { units: `${GRANTED}` }],
  ])
})

/** Credits of a meter that a plan prices, and a policy that lets nobody use more than their credits. */
async function sell(api: ApiClient): Promise<void> {
  await set(api, '/api/v1/meters', { key: 'API_CALL', name: 'Calls' })
  const prices = [{ meter: 'API_CALL', model: 'per_unit', unitPrice: '0.01' }]
  const plan = { key: 'prepaid', name: 'Prepaid', currency: 'USD', cycle: 'month', basePrice: '0' }
  await set(api, '/api/v1/plans', { ...plan, prices })
  await set(api, '/api/v1/customers', { customerId: CUSTOMER })
  await set(api, '/api/v1/subscriptions', { customerId: CUSTOMER, plan: 'prepaid' })
  const credits = { meter: 'API_CALL', units: String(GRANTED) }
  await set(api, `/api/v1/customers/${CUSTOMER}/credits`, credits)
  const sources = [{ from: 'header', name: 'x-user-id' }]
  await set(api, '/api/v1/control/strategies', { key: 'by-user', name: 'By user', sources })
  await set(api, '/api/v1/control/policies', {
    ...{ key: 'chat', name: 'Chat', method: 'POST', url: '/v1/models/*', strategy: 'by-user' },
    ...{ withoutAnswer: 'refuse', deadlineMs: 1_000 },
    limits: [{ name: 'credits', algorithm: 'balance', meter: 'API_CALL', planPays: false }],
    metering: [{ event: 'API_CALL' }],
  })
}

/** How many of so many requests pass. Those that the server was too slow for are sent again. */
async function passing(
  statusOf: (customer: string) => Promise<number>,
  count: number,
): Promise<number> {
  let left = count
  let passed = 0
  const asker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const status = await statusOf(CUSTOMER)
      if (status === 503) left += 1
      else if (status === 200) passed += 1
      else expect(status).toBe(402)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, asker))
  return passed
}

async function chat(url: string, customer: string): Promise<number> {
  const response = await fetch(`${url}/v1/models/large/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-user-id': customer },
    body: JSON.stringify({ how: 'json', status: 200, tokens: [1] }),
  })
  await response.arrayBuffer()
  return response.status
}

/** Calls that have become events. */
async function countedOf(api: ApiClient): Promise<number> {
  const { body } = await api.get(`/api/v1/events?customerId=${CUSTOMER}&limit=200`)
  const events = (body as { data: readonly { amount: string }[] }).data
  return events.reduce((sum, { amount }) => sum + Number(amount), 0)
}
