import { wholeDecimal } from '@usageflow/pricing'
import { beforeEach, expect, test } from 'vitest'
import { aPlan } from '../catalog/test-plans.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import {
  type Change,
  changeTerms,
  pause,
  resume,
  uncancel,
  unschedule,
} from '../subscriptions/change-terms.ts'
import { advance, anEnvironmentWithPro, invoices, subscribed, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const MID = '2026-03-16T12:00:00.000Z' // half of 31 days
const AFTER_GRACE = '2026-04-01T01:00:00Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
  await inOwnTransaction(async (tx) => {
    await aPlan(tx, env, {
      key: 'scale',
      basePrice: '500',
      prices: [
        { meter: 'API_CALL', model: 'per_unit', includedUnits: '100000', unitPrice: '0.005' },
      ],
    })
    await aPlan(tx, env, { key: 'early', baseInAdvance: true, prices: [] })
  })
})

function change(id: string, wanted: Partial<Change>) {
  const kept = { plan: null, planVersion: null, quantity: null, when: 'now' as const }
  return inOwnTransaction((tx) => changeTerms(tx, env, { id, ...kept, ...wanted }, new Date(MID)))
}

async function linesOf(): Promise<string[]> {
  const all = await invoices(env)
  return all.flatMap(({ kind, lines, total }) => [
    ...lines.map((line) => `${kind} ${line.kind} ${line.quantity} ${line.amount}`),
    `${kind} ${total}`,
  ])
}

test('a change of plan bills each part at its own prices, by its seconds', async () => {
  const { id } = await subscribed(env)
  await use(env, [
    { customer: 'ann', at: '2026-03-16T11:59:59.999Z', amount: '6000' },
    { customer: 'ann', at: MID, amount: '60000' },
  ])
  await change(id, { plan: 'scale' })
  await advance(env, AFTER_GRACE)
  expect(await linesOf()).toEqual([
    'period base 0.5 50.00',
    'period usage 6000 10.00', // 5,000 of 10,000 included
    'period 60.00',
    'period base 0.5 250.00',
    'period usage 60000 50.00', // 50,000 of 100,000 included
    'period 300.00',
  ])
})

test('what was paid in advance and not used comes back with the invoice that closes the old part', async () => {
  const { id } = await subscribed(env, { plan: 'early' })
  await advance(env, START.toISOString())
  await change(id, { quantity: wholeDecimal(3n) })
  await advance(env, '2026-03-16T13:00:00Z')
  const totals = (await invoices(env)).map(({ kind, periodStart, total }) => [
    `${kind} ${periodStart.slice(0, 10)}`,
    total,
  ])
  expect(Object.fromEntries(totals)).toEqual({
    'advance 2026-03-01': '100.00',
    'period 2026-03-01': '-50.00',
    'advance 2026-03-16': '150.00',
  })
})

test.each([
  ['a change', { id: '' }],
  ['a cancelation', { cancelAt: new Date('2026-04-16T00:00:00Z') }],
])(
  'what goes on because %s was taken back is paid in advance too, where the price is',
  async (what, wanted) => {
    const { id } = await subscribed(env, { plan: 'early', ...wanted })
    const at = new Date('2026-04-16T00:00:00Z')
    if (what === 'a change') await change(id, { plan: 'scale', when: at })
    await advance(env, '2026-04-05T00:00:00Z')
    const takeBack = what === 'a change' ? unschedule : uncancel
    await inOwnTransaction((tx) => takeBack(tx, env, id, new Date('2026-04-05T00:00:00Z')))
    await advance(env, '2026-05-01T01:00:00Z')
    const bases = (await invoices(env)).flatMap(({ lines }) =>
      lines.filter(({ kind }) => kind === 'base').map(({ quantity, amount }) => [quantity, amount]),
    )
    expect(bases.sort()).toEqual([
      ['0.5', '50.00'], // April until the 16th, and from then on
      ['0.5', '50.00'],
      ['1', '100.00'],
      ['1', '100.00'],
    ])
  },
)

test('a pause costs nothing, and what is left of its last period is billed as a part', async () => {
  const { id } = await subscribed(env)
  await inOwnTransaction((tx) => pause(tx, env, id, new Date(MID)))
  await use(env, [{ customer: 'ann', at: '2026-03-20T00:00:00Z', amount: '1000000' }])
  await advance(env, '2026-05-16T12:00:00Z')
  await inOwnTransaction((tx) => resume(tx, env, id, new Date('2026-05-16T12:00:00Z')))
  await advance(env, '2026-06-01T01:00:00Z')
  expect((await invoices(env)).map(({ total }) => total)).toEqual(['50.00', '50.00'])
})

test('a trial costs nothing, whatever is used', async () => {
  await subscribed(env, { trialDays: 14 })
  await use(env, [{ customer: 'ann', at: '2026-03-14T23:59:59.999Z', amount: '1000000' }])
  await advance(env, '2026-04-15T01:00:00Z')
  const all = await invoices(env)
  expect(all.map(({ periodStart, total }) => [periodStart.slice(0, 10), total])).toEqual([
    ['2026-03-15', '100.00'],
  ])
})
