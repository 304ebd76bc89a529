import { type Decimal, decimal, sum, wholeDecimal, ZERO } from '@usageflow/pricing'
import { expect, test } from 'vitest'
import { aMeter } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { Failure } from '../platform/errors.ts'
import { selectEntries } from './entries.store.ts'
import { getGrant, grantCredits } from './grant-credits.ts'
import { commit, release, reserve } from './hold-credits.ts'
import { grantsFor, lockCredits, settleUse } from './settle-use.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const AT_ONCE = 64
const RACES = 1_000
const GRANTS = 3
const GRANTED = 800 // of each: less than all races ask for
const unsettledUse = async () => new Map<string, Decimal>()

/** A balance of several grants, of which less is there than is going to be asked for. */
async function aBalance(): Promise<{ env: number; grantIds: string[] }> {
  return inOwnTransaction(async (tx) => {
    const env = await aBillingEnvironment(tx, NOW)
    const meterId = await aMeter(tx, env)
    await seeCustomers(tx, [{ envId: env, customer: 'ann' }], NOW)
    const grantIds: string[] = []
    for (let n = 0; n < GRANTS; n++) {
      const asset = { kind: 'units', meterId } as const
      const amount = wholeDecimal(BigInt(GRANTED))
      const terms = { from: NOW, to: null, priority: n, isPromotional: false, cycle: null }
      const grant = { ...terms, asset, amount, lowAt: null, source: 'manual', name: '' } as const
      grantIds.push((await grantCredits(tx, env, { customer: 'ann', ...grant }, NOW)).id)
    }
    return { env, grantIds }
  })
}

/** Undefined where the credits were refused; anything else that goes wrong is a mistake of ours. */
function orRefused<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error) => {
    if (error instanceof Failure && error.code === 'credit.insufficient') return undefined
    throw error
  })
}

test(`of ${RACES} holds that ${AT_ONCE} race for, the ledger keeps the sum and none is overspent`, {
  timeout: 900_000,
}, async () => {
  const { env, grantIds } = await aBalance()
  const database = await warmDatabase(AT_ONCE)
  const inTx = <T>(work: (tx: Tx) => Promise<T>) => database.inTransaction(work)
  let committed = 0n
  let refused = 0
  let next = 0

  const race = async (n: number): Promise<void> => {
    const units = decimal(String(1 + (n % 5)))
    const wanted = { customer: 'ann', meter: 'API_CALL', units, key: `job ${n}`, forMs: 60_000 }
    const ask = () => orRefused(inTx((tx) => reserve(tx, env, { ...wanted, unsettledUse }, NOW)))
    const made = await ask()
    if (!made) {
      refused += 1
      return
    }
    const { id } = made.hold
    if (n % 10 === 0) expect((await ask())?.hold.id).toBe(id)
    if (n % 11 === 0) await inTx((tx) => release(tx, env, id, NOW))
    else await finishWork(id, n)
  }

  const finishWork = async (id: string, n: number): Promise<void> => {
    const used = decimal(String((n % 5) + (n % 3))) // less, equal, more
    const done = { id, units: used, unsettledUse }
    const once = () => orRefused(inTx((tx) => commit(tx, env, done, NOW)))
    const tried = await Promise.all(n % 7 === 0 ? [once(), once()] : [once()])
    if (tried.some(Boolean))
      committed += used // one may be refused before others release what the twin takes
    else await inTx((tx) => release(tx, env, id, NOW))
  }

  const worker = async (): Promise<void> => {
    while (next < RACES) {
      next += 1
      await race(next)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))

  const lefts = await inOwnTransaction(async (tx) => {
    const found: Decimal[] = []
    for (const grantId of grantIds) {
      const entries = await selectEntries(tx, env, { grantId, after: 0, limit: 100_000 })
      const { left } = await getGrant(tx, env, grantId)
      expect(left).toBe(sum(entries.map(({ amount }) => amount)))
      expect(entries.every(({ leftAfter }) => leftAfter >= 0n)).toBe(true)
      found.push(left)
    }
    return found
  })
  const granted = wholeDecimal(BigInt(GRANTS * GRANTED))
  expect(sum([...lefts, committed as Decimal])).toBe(granted)
  expect(refused).toBeGreaterThan(0) // the races went on when the credits were gone
})

test('of 16 invoices that want the same credits, each takes what the ones before it have left', async () => {
  const { env } = await aBalance()
  const database = await warmDatabase(16)
  const bill = (n: number) =>
    database.inTransaction(async (tx) => {
      await lockCredits(tx, env, ['ann'])
      const window = { from: NOW, to: new Date(NOW.getTime() + 1) }
      const [first] = (await grantsFor(tx, env, ['ann'], window)).filter(({ left }) => left > ZERO)
      if (!first) return ZERO
      const amount = least(decimal('300'), first.left)
      await settleUse(tx, env, [{ grantId: first.id, invoiceId: `inv_${n}`, amount }], NOW)
      return amount
    })
  const taken = await Promise.all(Array.from({ length: 16 }, (_, n) => bill(n)))
  expect(sum(taken)).toBe(wholeDecimal(BigInt(GRANTS * GRANTED)))
  expect(taken.filter((amount) => amount > ZERO)).toHaveLength(9) // 300, 300 and 200 of each of three
})

function least(a: Decimal, b: Decimal): Decimal {
  return a < b ? a : b
}
