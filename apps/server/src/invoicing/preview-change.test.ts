import { beforeEach, expect, test } from 'vitest'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'
const price = { meter: 'CALLS', model: 'per_unit', unitPrice: '0.01' }
const content = { currency: 'EUR', cycle: 'month', basePrice: '20', prices: [price] }

let app: BillingApp
let subscription: string
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/meters', { key: 'CALLS' })
  await app.good('POST', '/plans', { key: 'pro', name: 'Pro', ...content })
  await app.good('POST', '/customers', { customerId: 'ann' })
  const wanted = { customerId: 'ann', plan: 'pro' }
  subscription = (await app.good('POST', '/subscriptions', wanted)).id
  await app.good('POST', '/plans/pro/versions', content)
  await app.good('POST', '/customers/ann/credits', { meter: 'CALLS', units: '300' })
  await app.good('POST', '/customers/ann/credits', { currency: 'EUR', amountMinor: '500' })
  await app.use([{ customer: 'ann', name: 'CALLS', at: '2026-03-02T00:00:00Z', amount: '1000' }])
  app.at('2026-03-03T00:00:00Z')
})

const WITH_CREDITS = { totalMinor: '2700', amountDueMinor: '2200' } // 700 calls, and 5 prepaid

test('a preview has the same credits before a change and after it', async () => {
  const wanted = { plan: 'pro', planVersion: 2, when: 'now' }
  const path = `/subscriptions/${subscription}/change/preview`
  expect(await app.good('POST', path, wanted)).toMatchObject({
    before: WITH_CREDITS,
    after: WITH_CREDITS,
  })
})

test('and so has a move to another version', async () => {
  const move = { from: 1, when: 'now', dryRun: true }
  const { data } = await app.good('POST', '/plans/pro/versions/2/move', move)
  expect(data).toMatchObject([{ before: { totalMinor: '2700' }, differenceMinor: '0' }])
})
