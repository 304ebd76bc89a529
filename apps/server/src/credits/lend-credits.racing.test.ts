import { type Decimal, decimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { aMeter } from '../catalog/test-plans.ts'
import type { BalanceCall } from '../control/lend-leases.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { monotonicMs } from '../platform/clock.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import { Failure } from '../platform/errors.ts'
import { grantCredits } from './grant-credits.ts'
import { commit, release, reserve } from './hold-credits.ts'
import { lendCredits } from './lend-credits.ts'
import { rememberUse } from './remembered-use.ts'

const TIMEOUT_MS = 900_000
const NOW = new Date()
const CONNECTIONS = 16
const unsettledUse = async () => new Map<string, Decimal>()
const OWNER = { customer: 'ann', meter: 'API_CALL' }

async function aBalance(amount: number) {
  const envId = await inOwnTransaction(async (tx) => {
    const env = await aBillingEnvironment(tx, NOW)
    const asset = { kind: 'units', meterId: await aMeter(tx, env) } as const
    await seeCustomers(tx, [{ envId: env, customer: 'ann' }], NOW)
    const terms = { from: NOW, to: null, priority: 1, isPromotional: false, cycle: null }
    const grant = { ...terms, asset, amount: decimal(String(amount)), lowAt: null, name: '' }
    await grantCredits(tx, env, { customer: 'ann', ...grant, source: 'manual' }, NOW)
    return env
  })
  const db = await warmDatabase(CONNECTIONS)
  const rememberedUse = rememberUse({ db, unsettledUse, stopwatch: monotonicMs })
  const balances = lendCredits({ db, rememberedUse, unsettledUse })
  /** As the route does it. */
  const call = async (holder: string, said: Partial<Pick<BalanceCall, 'settle' | 'ask'>>) => {
    const lend = await balances.lookAhead(envId, [OWNER], NOW)
    return db.inTransaction((tx) => lend(tx, { holder, settle: [], ask: [], ...said }))
  }
  return { envId, db, call }
}

const item = (id: string) => ({ id, ...OWNER, planPays: true })

test('of 64 asks, holds and commits at a time over one balance none promises a unit twice', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { envId, db, call } = await aBalance(1_000)
  const work = { ...OWNER, key: null, forMs: 3_600_000, unsettledUse }
  const sums = { leased: 0, held: 0, committed: 0 }

  const borrow = async (n: number, turn: number): Promise<boolean> => {
    const id = `l${n}-${turn}`
    const ask = [{ ...item(id), needed: 1 + (turn % 3) }]
    const [answers, again] = await Promise.all([
      call(`p${n % 8}`, { ask }),
      call(`p${n % 8}`, { ask }),
    ])
    const units = answers[0]?.units ?? 0
    if (units === again[0]?.units) sums.leased += units
    else sums.leased += Math.max(units, again[0]?.units ?? 0) // one was refused, and the other not yet or no more
    if (units > 0 && turn % 4 === 0) {
      await Promise.all([0, 0].map(() => call(`p${n % 8}`, { settle: [{ ...item(id), used: 0 }] })))
      sums.leased -= units
    }
    return units > 0
  }

  const keep = async (turn: number): Promise<boolean> => {
    const units = decimal(String(1 + (turn % 4)))
    try {
      const { hold } = await db.inTransaction((tx) => reserve(tx, envId, { ...work, units }, NOW))
      if (turn % 3 === 0) await db.inTransaction((tx) => release(tx, envId, hold.id, NOW))
      else if (turn % 3 === 1) {
        await db.inTransaction((tx) => commit(tx, envId, { id: hold.id, units, unsettledUse }, NOW))
        sums.committed += 1 + (turn % 4)
      } else sums.held += 1 + (turn % 4)
      return true
    } catch (error) {
      if (error instanceof Failure && error.code === 'credit.insufficient') return false
      throw error
    }
  }

  const worker = async (n: number): Promise<void> => {
    let refusals = 0
    for (let turn = n; refusals < 3; turn++)
      refusals += (await (n % 2 === 0 ? borrow(n, turn) : keep(turn))) ? 0 : 1
  }
  await Promise.all(Array.from({ length: 64 }, (_, n) => worker(n)))

  const { rows } = await inOwnTransaction((tx) =>
    sql<{ leased: number; held: number; left: number }>`select
      (select coalesce(sum(held), 0) from credit_leases where env_id = ${envId})::float8 as leased,
      (select coalesce(sum(units), 0) from credit_holds where env_id = ${envId} and status = 'open')::float8 as held,
      (select left_after from credit_entries where env_id = ${envId} order by entry_no desc limit 1)::float8 as left`.execute(
      tx,
    ),
  )
  expect(rows).toEqual([{ leased: sums.leased, held: sums.held, left: 1_000 - sums.committed }])
  expect(sums.leased + sums.held + sums.committed).toBeLessThanOrEqual(1_000)
  expect(sums.leased + sums.held + sums.committed).toBeGreaterThan(950)
  expect(Math.min(sums.leased, sums.held, sums.committed)).toBeGreaterThan(0)
})

test.each([
  [1_000, 4, 1],
  [100, 4, 1],
  [10_000, 16, 7],
])(
  'of %i units %i processes use 95 percent before the first is refused, at %i a request',
  {
    timeout: TIMEOUT_MS,
  },
  async (amount, processes, cost) => {
    const { call } = await aBalance(amount)
    const holders = Array.from({ length: processes }, (_, n) => ({
      name: `p${n}`,
      left: 0,
      asked: 0,
    }))
    let used = 0
    const spend = async (holder: (typeof holders)[number]): Promise<boolean> => {
      if (holder.left < cost) {
        holder.asked += 1
        const ask = [{ ...item(`l${holder.asked}`), needed: cost }]
        holder.left += (await call(holder.name, { ask }))[0]?.units ?? 0
      }
      if (holder.left < cost) return false
      holder.left -= cost
      used += cost
      return true
    }
    for (let isPassed = true; isPassed; )
      for (const holder of holders) isPassed = isPassed && (await spend(holder))
    expect(used).toBeGreaterThanOrEqual(0.95 * amount)
    expect(used + holders.reduce((sum, { left }) => sum + left, 0)).toBeLessThanOrEqual(amount)
  },
)
