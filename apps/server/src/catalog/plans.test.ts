import { sql } from 'kysely'
import { beforeEach, describe, expect } from 'vitest'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction, dbTest as test } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { addPlanVersion, archivePlan } from './create-plan.ts'
import { findPlan, planVersions, versionKey, versionOnSale } from './find-plan.ts'
import { aMeter, aPlan, aVersion } from './test-plans.ts'

const NOW = new Date('2026-03-01T00:00:00Z')

let env: number
beforeEach(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, NOW)
    await aMeter(tx, envId)
    return envId
  })
})

describe('createPlan', () => {
  test('keeps amounts exact, in the minor unit of the currency', async ({ tx }) => {
    await aPlan(tx, env, { key: 'yen', currency: 'JPY', basePrice: '1500' })
    const dinar = await aPlan(tx, env, { key: 'dinar', currency: 'KWD', basePrice: '1.005' })

    const { content } = await versionOnSale(tx, env, { plan: 'yen', version: null })
    expect(content.baseMinor).toBe(1500n)
    expect(dinar.versions[0]?.baseMinor).toBe(1005n)
  })

  test('keeps all twelve digits of a unit price', async ({ tx }) => {
    const price = { meter: 'API_CALL', model: 'per_unit', includedUnits: '0.000000000001' } as const
    const plan = await aPlan(tx, env, { prices: [{ ...price, unitPrice: '0.000000000005' }] })

    const [stored] = plan.versions[0]?.prices ?? []
    expect(stored?.price).toMatchObject({ unitPrice: 5n, included: 1n }) // 10^-12 each
  })

  test('finds a meter by its id as well as by its key', async ({ tx }) => {
    const meter = await aMeter(tx, env, { key: 'TOKENS' })
    const byId = { meter, model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
    const plan = await aPlan(tx, env, { prices: [byId] })
    expect(plan.versions[0]?.prices[0]?.meter).toMatchObject({ id: meter, key: 'TOKENS' })
  })

  const price = { model: 'per_unit', includedUnits: '0', unitPrice: '1' } as const
  test.for([
    ['an unknown currency', { currency: 'ZZZ' }, 'plan.currency_unknown'],
    ['a tenth of a cent as base price', { basePrice: '0.001' }, 'plan.amount_impossible'],
    [
      'a base price beyond all sense',
      { basePrice: `1${'0'.repeat(15)}` },
      'plan.amount_impossible',
    ],
    ['an unknown meter', { prices: [{ ...price, meter: 'NOPE' }] }, 'plan.meter_unknown'],
    [
      'two prices for one meter',
      { prices: [1, 2].map(() => ({ ...price, meter: 'API_CALL' })) },
      'plan.meter_twice',
    ],
  ] as const)('refuses %s', async ([, overrides, code], { tx }) => {
    await expect(aPlan(tx, env, overrides)).rejects.toMatchObject({ code })
  })

  test('of 20 racing plans with one key exactly one is made', async () => {
    const database = await warmDatabase(20)
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => database.inTransaction((tx) => aPlan(tx, env))),
    )
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'plan.key_taken' })
  })
})

describe('addPlanVersion', () => {
  test('leaves earlier versions as they are, and sells the newest', async ({ tx }) => {
    await aPlan(tx, env)
    await addPlanVersion(tx, env, { plan: 'pro', content: aVersion({ basePrice: '120' }) }, NOW)

    const newest = await versionOnSale(tx, env, { plan: 'pro', version: null })
    const first = await versionOnSale(tx, env, { plan: 'pro', version: 1 })
    expect(newest.content).toMatchObject({ version: 2, baseMinor: 12_000n })
    expect(first.content).toMatchObject({ version: 1, baseMinor: 10_000n })
  })

  test('refuses one that was written without the newest one in sight', async ({ tx }) => {
    await aPlan(tx, env)
    const add = (basedOnVersion?: number) =>
      addPlanVersion(tx, env, { plan: 'pro', content: aVersion(), basedOnVersion }, NOW)
    await add(1)
    for (const unseen of [1, 3])
      await expect(add(unseen)).rejects.toMatchObject({ code: 'plan.version_outdated' })
    expect((await add(2)).versions).toHaveLength(3)
    expect((await add()).versions).toHaveLength(4)
  })

  test('numbers racing versions one after the other', async () => {
    await inOwnTransaction((tx) => aPlan(tx, env))
    const database = await warmDatabase(10)
    const add = () =>
      database.inTransaction((tx) =>
        addPlanVersion(tx, env, { plan: 'pro', content: aVersion() }, NOW),
      )
    const answers = await Promise.all(Array.from({ length: 10 }, add))

    const numbers = answers.map(({ versions }) => versions[0]?.version)
    expect(numbers.sort((a = 0, b = 0) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
  })
})

test.for(['plan_versions', 'prices'])(
  'what was sold cannot be changed in %s',
  async (table, { tx }) => {
    await aPlan(tx, env)
    const change = sql`update ${sql.table(table)} set env_id = env_id`.execute(tx)
    await expect(change).rejects.toThrow('permission denied')
  },
)

test('an archived plan is sold and changed no more, and its versions stay', async ({ tx }) => {
  const { id } = await aPlan(tx, env)
  const once = await archivePlan(tx, env, 'pro', NOW)
  expect(await archivePlan(tx, env, 'pro', new Date('2027-01-01T00:00:00Z'))).toEqual(once)

  const refused = { kind: 'conflict', code: 'plan.archived' }
  await expect(versionOnSale(tx, env, { plan: 'pro', version: 1 })).rejects.toMatchObject(refused)
  await expect(
    addPlanVersion(tx, env, { plan: 'pro', content: aVersion() }, NOW),
  ).rejects.toMatchObject(refused)
  const kept = await planVersions(tx, env, [{ planId: id, version: 1 }])
  expect(kept.get(versionKey({ planId: id, version: 1 }))).toMatchObject({ planName: 'Pro' })
})

test('a plan of another environment is as unknown as none', async ({ tx }) => {
  const { id } = await aPlan(tx, env)
  const other = await aBillingEnvironment(tx, NOW)
  for (const ref of [id, 'pro'])
    await expect(findPlan(tx, other, ref)).rejects.toMatchObject({ code: 'plan.unknown' })
})
