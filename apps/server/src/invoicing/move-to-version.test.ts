import { beforeEach, expect, test } from 'vitest'
import { addPlanVersion } from '../catalog/create-plan.ts'
import { aVersion } from '../catalog/test-plans.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { changeTerms } from '../subscriptions/change-terms.ts'
import { type Move, moveToVersion } from './move-to-version.ts'
import { anEnvironmentWithPro, fold, subscribed, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const MID = new Date('2026-03-16T12:00:00Z')

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
  await inOwnTransaction((tx) =>
    addPlanVersion(
      tx,
      env,
      { plan: 'pro', content: aVersion({ basePrice: '150', prices: [] }) },
      START,
    ),
  )
})

function moveOf(overrides: Partial<Move> = {}): Move {
  return {
    plan: 'pro',
    from: 1,
    to: 2,
    when: 'now',
    isDryRun: false,
    after: '',
    limit: 200,
    ...overrides,
  }
}

function moved(overrides: Partial<Move> = {}) {
  return inOwnTransaction((tx) => moveToVersion(tx, env, moveOf(overrides), MID))
}

async function versionOf(id: string): Promise<number> {
  return (await inOwnTransaction((tx) => getSubscription(tx, env, id))).plan.version
}

test('a dry run says for each what the period comes to at both versions, and moves nobody', async () => {
  const ann = await subscribed(env, { customer: 'ann', planVersion: 1 })
  const bob = await subscribed(env, { customer: 'bob', planVersion: 1 })
  await subscribed(env, { customer: 'eve', planVersion: 2 })
  await use(env, [{ customer: 'ann', at: '2026-03-02T00:00:00Z', amount: '12000' }])
  await fold()
  const all = await moved({ isDryRun: true })

  const totals = all.map(({ subscription, difference, refused }) => [
    subscription.id,
    difference?.before.totalMinor,
    difference?.after.totalMinor,
    refused,
  ])
  expect(totals).toEqual([
    [ann.id, 12_000n, 15_000n, null],
    [bob.id, 10_000n, 15_000n, null],
  ])
  expect([await versionOf(ann.id), await versionOf(bob.id)]).toEqual([1, 1])
})

test('each is moved once, by page, however many do it', async () => {
  for (const customer of ['ann', 'bob', 'eve']) await subscribed(env, { customer, planVersion: 1 })
  const database = await warmDatabase(4)
  const moves = await Promise.all(
    Array.from({ length: 4 }, () =>
      database.inTransaction((tx) => moveToVersion(tx, env, moveOf({ limit: 2 }), MID)),
    ),
  )
  const rest = await moved()
  const done = [...moves.flat(), ...rest].filter(({ refused }) => refused === null)
  expect(done).toHaveLength(3)
  expect(new Set(done.map(({ subscription }) => subscription.id)).size).toBe(3)
  expect(await moved()).toEqual([])
})

test('one that cannot be changed says why, and the others are moved', async () => {
  const ann = await subscribed(env, { customer: 'ann', planVersion: 1 })
  const bob = await subscribed(env, { customer: 'bob', planVersion: 1 })
  const kept = { plan: null, planVersion: 2, quantity: null, when: 'period_end' as const }
  await inOwnTransaction((tx) => changeTerms(tx, env, { id: ann.id, ...kept }, MID))
  const codes = (await moved()).map(({ refused }) => refused?.code ?? null)
  expect(codes).toEqual(['subscription.change_scheduled', null])
  expect([await versionOf(ann.id), await versionOf(bob.id)]).toEqual([1, 2])
})

test('at the end of the period everybody stays on their version until then', async () => {
  const { id } = await subscribed(env, { customer: 'ann', planVersion: 1 })
  await moved({ when: 'period_end' })
  const { plan, terms } = await inOwnTransaction((tx) => getSubscription(tx, env, id))
  expect([plan.version, terms.at(-1)?.plan.version]).toEqual([1, 2])
})
