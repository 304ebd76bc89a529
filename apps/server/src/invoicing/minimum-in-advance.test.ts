import { wholeDecimal } from '@usageflow/pricing'
import { beforeEach, expect, test } from 'vitest'
import { aPlan } from '../catalog/test-plans.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { cancelAtPeriodEnd } from '../subscriptions/change-subscription.ts'
import { changeTerms } from '../subscriptions/change-terms.ts'
import { advance, anEnvironmentWithPro, invoices, subscribed, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
  await inOwnTransaction((tx) =>
    aPlan(tx, env, {
      key: 'early',
      basePrice: '100',
      baseInAdvance: true,
      minimum: '150',
      prices: [{ meter: 'API_CALL', model: 'per_unit', includedUnits: '0', unitPrice: '0.01' }],
    }),
  )
})

async function totals(): Promise<string[]> {
  return (await invoices(env))
    .map(({ kind, periodStart, total }) => `${kind} ${periodStart.slice(0, 7)} ${total}`)
    .sort()
}

test('what was paid for a period in advance counts towards its minimum, and what is paid for the next does not', async () => {
  const { id } = await subscribed(env, { plan: 'early' })
  await advance(env, START.toISOString())
  await use(env, [{ customer: 'ann', at: '2026-04-02T00:00:00Z', amount: '3000' }])
  await advance(env, '2026-05-01T01:00:00Z')
  await inOwnTransaction((tx) => cancelAtPeriodEnd(tx, env, id, new Date('2026-05-02T00:00:00Z')))
  await advance(env, '2026-06-01T01:00:00Z')
  // Three periods at 150 each: 100 before, then 50 to the minimum, of which April used 30.
  expect(await totals()).toEqual([
    'advance 2026-03 100.00',
    'period 2026-03 150.00',
    'period 2026-04 150.00',
    'period 2026-05 50.00',
  ])
})

test('another quantity from the next period on changes nothing of this one', async () => {
  const { id } = await subscribed(env, { plan: 'early' })
  await advance(env, START.toISOString())
  const kept = { plan: null, planVersion: null, when: 'period_end' as const }
  await inOwnTransaction((tx) =>
    changeTerms(
      tx,
      env,
      { id, ...kept, quantity: wholeDecimal(3n) },
      new Date('2026-03-10T00:00:00Z'),
    ),
  )
  await advance(env, '2026-04-01T01:00:00Z')
  const march = (await invoices(env)).find(
    ({ kind, periodStart }) => kind === 'period' && periodStart.startsWith('2026-03'),
  )
  expect(march?.lines.find(({ kind }) => kind === 'true_up')?.amount).toBe('50.00')
})
