import { beforeEach, expect, test } from 'vitest'
import { aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { forgetLate, type LateHour } from '../metering/late-usage.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { selectLateHours } from './late-hours.store.ts'
import { pruneLateHours } from './prune-late-hours.ts'
import { advance, anEnvironmentWithPro, fold, invoices, subscribed, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = new Date('2026-04-01T00:00:00Z')
const IN_MARCH = '2026-03-20T10:20:00Z'
const AFTER_MARCH = '2026-04-01T01:00:00Z'
const AFTER_APRIL = '2026-05-01T01:00:00Z'
const AFTER_MAY = '2026-06-01T01:00:00Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
})

async function late(...hours: readonly string[]): Promise<void> {
  await use(
    env,
    hours.map((at) => ({ customer: 'bob', at, amount: '10100' })),
  )
  await fold()
}

async function prune(atOnce?: number): Promise<void> {
  const { database } = await testDatabase()
  await pruneLateHours(database, atOnce)
}

async function hours(): Promise<LateHour[]> {
  const all = await inOwnTransaction((tx) => selectLateHours(tx, { after: null, limit: 1_000 }))
  return all.filter(({ envId }) => envId === env)
}

test('an hour is forgotten once every subscription that may bill it has looked, and not before', async () => {
  await subscribed(env)
  await subscribed(env, { customer: 'bob' })
  await advance(env, AFTER_MARCH)
  await late(IN_MARCH)
  await prune()
  expect(await hours()).toHaveLength(1)
  await advance(env, AFTER_APRIL)
  await prune()
  await prune()
  expect(await hours()).toEqual([])
  await late(IN_MARCH) // and noted again, it is billed again
  await prune()
  await advance(env, AFTER_MAY)
  const lines = (await invoices(env, { customer: 'bob' })).flatMap((invoice) => invoice.lines)
  expect(lines.filter(({ kind }) => kind === 'late').map(({ amount }) => amount)).toEqual([
    '1.00',
    '101.00',
  ])
})

test('an hour of a period that somebody above has not invoiced yet stays', async () => {
  await inOwnTransaction((tx) => aPlan(tx, env, { key: 'yearly', cycle: 'year' }))
  await subscribed(env, { plan: 'yearly' })
  await subscribed(env, { customer: 'bob' })
  await advance(env, AFTER_MARCH)
  await late(IN_MARCH)
  await advance(env, AFTER_APRIL)
  await prune()
  expect(await hours()).toHaveLength(1)
  await advance(env, '2027-03-01T01:00:00Z')
  await prune()
  expect(await hours()).toEqual([])
})

test('an hour of a subscription that has ended stays until it was looked at, if only to find nothing', async () => {
  await subscribed(env, { customer: 'bob', cancelAt: END })
  await advance(env, AFTER_MARCH)
  await use(env, [{ customer: 'bob', at: IN_MARCH, amount: '1' }])
  await fold()
  await advance(env, '2026-05-06T00:59:59.999Z')
  await prune()
  expect(await hours()).toHaveLength(1)
  await advance(env, '2026-05-06T01:00:00Z')
  await prune()
  expect([await hours(), await invoices(env)]).toMatchObject([[], [{ kind: 'period' }]])
})

test('page by page all are gone through', async () => {
  await subscribed(env, { customer: 'bob' })
  await advance(env, AFTER_MARCH)
  await late(...['03-02', '03-03', '03-04', '03-05'].map((day) => `2026-${day}T00:30:00Z`))
  expect(await hours()).toHaveLength(4)
  await advance(env, AFTER_APRIL)
  await late('2026-03-04T00:40:00Z')
  await prune(1)
  expect((await hours()).map(({ hour }) => hour.slice(0, 10))).toEqual(['2026-03-04'])
})

test('what is noted after it was judged stays', async () => {
  await subscribed(env, { customer: 'bob' })
  await advance(env, AFTER_MARCH)
  await late(IN_MARCH)
  await advance(env, AFTER_APRIL)
  const judged = await hours()
  await late(IN_MARCH)
  expect(await inOwnTransaction((tx) => forgetLate(tx, judged))).toBe(0)
  expect(await hours()).toHaveLength(1)
})

test('an hour of a child stays until whoever pays above has looked', async () => {
  await subscribed(env, { customer: 'acme' })
  await inOwnTransaction((tx) =>
    declareCustomer(tx, env, { customer: 'bob', parent: 'acme' }, START),
  )
  await advance(env, AFTER_MARCH)
  await late(IN_MARCH)
  await prune()
  expect(await hours()).toHaveLength(1)
  await advance(env, AFTER_APRIL)
  await prune()
  expect(await hours()).toEqual([])
})
