import { type Decimal, decimal, formatDecimal } from '@usageflow/pricing'
import { beforeEach, describe, expect, test } from 'vitest'
import { findMeter } from '../catalog/find-meter.ts'
import { checkAccess } from '../credits/check-access.ts'
import { grantCredits } from '../credits/grant-credits.ts'
import { commit, reserve } from '../credits/hold-credits.ts'
import { rememberUse } from '../credits/remembered-use.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { anEnvironmentWithPro, fold, subscribed, use } from './test-billing.ts'
import { unsettledUse } from './unsettled-use.ts'

const NOW = new Date('2026-03-10T00:00:00Z')
const INCLUDED = '10000' // by plan Pro

let envId: number
let nowMs: number
let computed: number
/** How many were computed at once, at most. */
let together: number

/** A customer on plan Pro, with credits and all included units used up. */
beforeEach(async () => {
  envId = await anEnvironmentWithPro(new Date('2026-03-01T00:00:00Z'))
  await subscribed(envId, { customer: 'ann' })
  await subscribed(envId, { customer: 'bob' })
  await granted('100')
  await granted('100', 'bob')
  await used(INCLUDED)
  nowMs = 0
  computed = 0
  together = 0
})

const used = async (amount: string) => {
  await use(envId, [{ customer: 'ann', at: '2026-03-05T00:00:00Z', amount }])
  await fold()
}

const granted = (amount: string, customer = 'ann') =>
  inOwnTransaction(async (tx) => {
    const { id: meterId } = await findMeter(tx, envId, 'API_CALL')
    const from = new Date('2026-03-01T00:00:00Z')
    const terms = { from, to: null, priority: 100, isPromotional: false, cycle: null, lowAt: null }
    const grant = { ...terms, customer, asset: { kind: 'units', meterId } as const }
    const named = { ...grant, amount: decimal(amount), source: 'manual' as const, name: '' }
    return grantCredits(tx, envId, named, NOW)
  })

/** What is free, as a process says that has been asked before. */
async function process() {
  const { database: db } = await testDatabase()
  let running = 0
  const counted: typeof unsettledUse = async (tx, env, customer) => {
    if (customer === 'ann') computed += 1
    running += 1
    together = Math.max(together, running)
    return unsettledUse(tx, env, customer).finally(() => {
      running -= 1
    })
  }
  const rememberedUse = rememberUse({ db, unsettledUse: counted, stopwatch: () => nowMs })
  return async (customer = 'ann') => {
    const question = { customer, meter: 'API_CALL', units: decimal('1'), rememberedUse }
    const { available } = await checkAccess(db.kysely, envId, question, NOW)
    return formatDecimal(available)
  }
}

const held = (units: Decimal) =>
  inOwnTransaction((tx) => {
    const work = { customer: 'ann', meter: 'API_CALL', units, key: null, forMs: 60_000 }
    return reserve(tx, envId, { ...work, unsettledUse }, NOW)
  })

describe('remembered use', () => {
  test('is computed once for many questions, however many ask at once', async () => {
    const ask = await process()
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['100', '100', '100'])
    nowMs += 4_000
    expect(await ask()).toBe('100')
    expect(computed).toBe(1)
  })

  test('never hides a hold, a commit or a grant', async () => {
    const ask = await process()
    expect(await ask()).toBe('100')
    const { hold } = await held(decimal('30'))
    expect(await ask()).toBe('70')
    await inOwnTransaction((tx) =>
      commit(tx, envId, { id: hold.id, units: decimal('40'), unsettledUse }, NOW),
    )
    expect(await ask()).toBe('60')
    await granted('5')
    expect(await ask()).toBe('65')
  })

  test('is right at once when the ledger and the usage have changed', async () => {
    await granted('100')
    await used('150') // all of the one grant and half of the other
    const ask = await process()
    expect(await ask()).toBe('50')
    const { hold } = await held(decimal('50'))
    await inOwnTransaction((tx) =>
      commit(tx, envId, { id: hold.id, units: decimal('50'), unsettledUse }, NOW),
    )
    expect(await ask()).toBe('0')
  })

  test('has new usage a second after it was counted, and at once when nobody has asked for a while', async () => {
    const ask = await process()
    await ask()
    await used('10')
    nowMs += 600 // longer than looks for usage are put off: the answer is as before, and a better one under way
    await ask()
    nowMs += 1_100
    expect(await ask()).toBe('90')
    await used('10')
    nowMs += 60_000
    expect(await ask()).toBe('80')
  })

  test('is computed ahead for those who are asked about, before they are asked about again', async () => {
    const ask = await process()
    await ask('ann')
    nowMs += 29_000
    await used('10') // found by itself, since somebody has asked not long ago
    await expect.poll(() => computed).toBe(2)
    nowMs += 400 // nobody looked for so long: an answer does not wait for that
    expect(await ask('ann')).toBe('90')
    expect(computed).toBe(2)
  })

  test('is not computed ahead for those whom nobody asks about anymore', async () => {
    const ask = await process()
    await ask('ann')
    await ask('bob')
    nowMs += 60_001
    await used('10')
    await ask('bob')
    nowMs += 1_000
    await ask('bob')
    expect(computed).toBe(1)
  })

  test('is looked at again one by one, where many were first asked about at once', async () => {
    const ask = await process()
    await ask('bob')
    await ask('ann')
    together = 0
    nowMs += 31_000
    await Promise.all([ask('bob'), ask('ann')])
    await expect.poll(() => computed).toBe(2)
    expect(together).toBe(1)
  })

  test('looks again at what has not changed for a while, since terms may have', async () => {
    const ask = await process()
    await ask()
    nowMs += 60_001
    await ask()
    expect(computed).toBe(2)
  })
})
