import { type Decimal, decimal, formatDecimal, sum } from '@usageflow/pricing'
import fc from 'fast-check'
import { beforeAll, describe, expect } from 'vitest'
import { aMeter } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { inOwnTransaction, dbTest as test } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { selectFactsBefore } from '../platform/facts/facts.store.ts'
import { balancesOf } from './balance.ts'
import { selectEntries } from './entries.store.ts'
import { getGrant, grantCredits, type NewGrant, voidGrant } from './grant-credits.ts'
import { commit, release, reserve } from './hold-credits.ts'
import { giveBackUse, grantsFor, settleUse } from './settle-use.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const LATER = new Date('2026-03-10T00:00:00Z')
const unsettledUse = async () => new Map<string, Decimal>()

let env: number
let meterId: string
beforeAll(async () => {
  env = await inOwnTransaction((tx) => aBillingEnvironment(tx, NOW))
  meterId = await inOwnTransaction((tx) => aMeter(tx, env))
  await inOwnTransaction((tx) => seeCustomers(tx, [{ envId: env, customer: 'ann' }], NOW))
})

function aGrant(overrides: Partial<NewGrant> = {}): NewGrant {
  return {
    customer: 'ann',
    asset: { kind: 'units', meterId },
    amount: decimal('100'),
    lowAt: null,
    ...{ from: NOW, to: null, priority: 100, isPromotional: false },
    ...{ source: 'manual', name: '', cycle: null },
    ...overrides,
  }
}

const leftOf = async (tx: Tx, id: string) => formatDecimal((await getGrant(tx, env, id)).left)
const typesOf = async (tx: Tx) =>
  (await selectFactsBefore(tx, env, { limit: 100, before: null, type: null })).map(
    ({ type }) => type,
  )
const use = (grantId: string, invoiceId: string, amount: string) => ({
  ...{ grantId, invoiceId },
  amount: decimal(amount),
})

async function ledger(tx: Tx, grantId: string): Promise<string[]> {
  const entries = await selectEntries(tx, env, { grantId, after: 0, limit: 1_000 })
  return entries.map(({ kind, amount }) => `${kind} ${formatDecimal(amount)}`)
}

describe('a grant', () => {
  test('is told, and stands in the ledger as its first entry', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    expect(await ledger(tx, id)).toEqual(['grant 100'])
    expect(await typesOf(tx)).toEqual(['credits.granted'])
  })

  test('keeps what it paid for when it is declared void, once however often', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    await settleUse(tx, env, [use(id, 'inv_1', '30')], NOW)
    await voidGrant(tx, env, id, LATER)
    await voidGrant(tx, env, id, LATER)
    expect(await ledger(tx, id)).toEqual(['grant 100', 'use -30', 'void -70'])
    expect(await grantsFor(tx, env, ['ann'], { from: NOW, to: LATER })).toEqual([])
  })

  test.for([
    ['nothing', { amount: decimal('0') }, 'credit.amount_impossible'],
    ['no time', { to: NOW }, 'credit.ends_before_start'],
    [
      'unknown money',
      { asset: { kind: 'money', currency: 'XYZ', meterIds: null } },
      'credit.currency_unknown',
    ],
    ['nobody', { customer: 'nobody' }, 'customer.unknown'],
  ] as const)('of %s is refused', async ([, overrides, code], { tx }) => {
    await expect(grantCredits(tx, env, aGrant(overrides), NOW)).rejects.toMatchObject({ code })
  })

  test('of a meter that does not add up is refused', async ({ tx }) => {
    const peak = await aMeter(tx, env, { key: 'PEAK', aggregation: 'MAX' })
    const asset = { kind: 'units', meterId: peak } as const
    await expect(grantCredits(tx, env, aGrant({ asset }), NOW)).rejects.toMatchObject({
      code: 'credit.meter_unsuitable',
    })
  })
})

describe('the use of an invoice', () => {
  test('is settled once, however often it is said', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    await settleUse(tx, env, [use(id, 'inv_1', '30')], NOW)
    await settleUse(tx, env, [use(id, 'inv_1', '30')], LATER)
    expect(await ledger(tx, id)).toEqual(['grant 100', 'use -30'])
  })

  test('comes back once when the invoice is void', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    await settleUse(tx, env, [use(id, 'inv_1', '30')], NOW)
    await giveBackUse(tx, env, ['inv_1'], LATER)
    await giveBackUse(tx, env, ['inv_1'], LATER)
    expect(await ledger(tx, id)).toEqual(['grant 100', 'use -30', 'give_back 30'])
  })

  test('is refused by the database where it exceeds what is left', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    const tooMuch = settleUse(tx, env, [use(id, 'inv_1', '100.000000000001')], NOW)
    await expect(tooMuch).rejects.toThrow('a_grant_is_never_overspent')
  })

  test('tells once that little is left, and that nothing is', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant({ lowAt: decimal('20') }), NOW)
    const told = async (amount: string, invoice: string) => {
      await settleUse(tx, env, [use(id, invoice, amount)], NOW)
      return (await typesOf(tx)).filter((type) => type !== 'credits.granted').sort()
    }
    expect(await told('79', 'inv_1')).toEqual([])
    expect(await told('1', 'inv_2')).toEqual(['credits.low'])
    expect(await told('1', 'inv_3')).toEqual(['credits.low'])
    expect(await told('19', 'inv_4')).toEqual(['credits.exhausted', 'credits.low'])
  })

  test('does not exhaust a customer who has another grant of the same', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    await grantCredits(tx, env, aGrant(), NOW)
    await settleUse(tx, env, [use(id, 'inv_1', '100')], NOW)
    expect(await typesOf(tx)).not.toContain('credits.exhausted')
  })
})

describe('a hold', () => {
  const wanted = (units: string, key: string | null = null) => ({
    ...{ customer: 'ann', meter: 'API_CALL', key, forMs: 60_000, unsettledUse },
    units: decimal(units),
  })

  test.for([
    ['less than', '40', '60'],
    ['just', '50', '50'],
    ['more than', '70', '30'],
    ['none of', '0', '100'],
  ] as const)('is committed with %s what it holds, once', async ([, units, left], { tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    const { hold } = await reserve(tx, env, wanted('50'), NOW)
    const done = { id: hold.id, units: decimal(units), unsettledUse }
    const first = await commit(tx, env, done, NOW)
    expect(await commit(tx, env, done, NOW)).toEqual(first)
    expect(await leftOf(tx, id)).toBe(left)
    await expect(release(tx, env, hold.id, NOW)).rejects.toMatchObject({ code: 'hold.closed' })
  })

  test('takes nothing that another holds, and lets go what it does not use', async ({ tx }) => {
    await grantCredits(tx, env, aGrant(), NOW)
    const { hold: first } = await reserve(tx, env, wanted('60'), NOW)
    const insufficient = { code: 'credit.insufficient' }
    await expect(reserve(tx, env, wanted('41'), NOW)).rejects.toMatchObject(insufficient)
    const { hold: second } = await reserve(tx, env, wanted('40'), NOW)
    const more = { id: second.id, units: decimal('41'), unsettledUse }
    await expect(commit(tx, env, more, NOW)).rejects.toMatchObject(insufficient)
    await release(tx, env, first.id, NOW)
    await release(tx, env, first.id, NOW)
    expect(await commit(tx, env, more, NOW)).toMatchObject({ status: 'committed' })
  })

  test('is the same one for the same key, and refused for other work', async ({ tx }) => {
    await grantCredits(tx, env, aGrant(), NOW)
    const first = await reserve(tx, env, wanted('60', 'job 1'), NOW)
    const again = await reserve(tx, env, wanted('60', 'job 1'), LATER)
    expect(again).toEqual({ hold: first.hold, isNew: false })
    const other = reserve(tx, env, wanted('61', 'job 1'), NOW)
    await expect(other).rejects.toMatchObject({ code: 'hold.key_reused' })
  })

  test('is over at its time, even before anybody has written that down', async ({ tx }) => {
    await grantCredits(tx, env, aGrant(), NOW)
    const { hold } = await reserve(tx, env, wanted('60'), NOW)
    const before = new Date(hold.expiresAt.getTime() - 1)
    await expect(reserve(tx, env, wanted('41'), before)).rejects.toThrow()
    const late = commit(tx, env, { id: hold.id, units: decimal('1'), unsettledUse }, hold.expiresAt)
    await expect(late).rejects.toMatchObject({ details: { status: 'expired' } })
    expect(await reserve(tx, env, wanted('100'), hold.expiresAt)).toMatchObject({ isNew: true })
  })

  test('takes grants in their order: priority, expiry, promotional, time', async ({ tx }) => {
    const grant = (overrides: Partial<NewGrant>) =>
      grantCredits(tx, env, aGrant({ amount: decimal('10'), ...overrides }), NOW)
    const last = await grant({})
    const promotional = await grant({ isPromotional: true })
    const ending = await grant({ to: LATER })
    const urgent = await grant({ priority: 1 })
    const { hold } = await reserve(tx, env, wanted('35'), NOW)
    await commit(tx, env, { id: hold.id, units: decimal('35'), unsettledUse }, NOW)
    const lefts = await Promise.all(
      [urgent, ending, promotional, last].map(({ id }) => leftOf(tx, id)),
    )
    expect(lefts).toEqual(['0', '0', '0', '5'])
  })
})

describe('the balance', () => {
  test('is what is left, less unsettled use, less holds, and never below 0', async ({ tx }) => {
    const { id } = await grantCredits(tx, env, aGrant(), NOW)
    const wanted = { customer: 'ann', meter: 'API_CALL', key: null, forMs: 60_000, unsettledUse }
    await reserve(tx, env, { ...wanted, units: decimal('60') }, NOW)
    const balanceAfter = async (used: string) => {
      const asked = {
        customer: 'ann',
        unsettledUse: async () => new Map([[id, decimal(used)]]),
      }
      const [balance] = await balancesOf(tx, env, asked, NOW)
      return balance && formatDecimal(balance.available)
    }
    expect(await balanceAfter('30')).toBe('10')
    expect(await balanceAfter('50')).toBe('0')
  })

  const step = fc.record({
    kind: fc.constantFrom('grant', 'use', 'give back', 'void', 'hold'),
    which: fc.nat(9),
    amount: fc.integer({ min: 1, max: 60 }),
  })

  test('is the sum of the entries after whatever has happened', async ({ tx }) => {
    const ids: string[] = []
    let invoices = 0
    const steps: Record<string, (which: number, amount: string) => Promise<unknown>> = {
      grant: async (_, amount) =>
        ids.push((await grantCredits(tx, env, aGrant({ amount: decimal(amount) }), NOW)).id),
      use: async (which, amount) => {
        const id = ids[which % ids.length]
        if (!id) return
        const { left } = await getGrant(tx, env, id)
        invoices += 1
        const taken = decimal(amount) < left ? amount : formatDecimal(left)
        await settleUse(tx, env, [use(id, `inv_${invoices}`, taken)], NOW)
      },
      'give back': (which) => giveBackUse(tx, env, [`inv_${which % (invoices + 1)}`], NOW),
      void: async (which) => {
        const id = ids[which % ids.length]
        if (id && which > 7) await voidGrant(tx, env, id, NOW)
      },
      hold: async (_, amount) => {
        const wanted = {
          customer: 'ann',
          meter: 'API_CALL',
          key: null,
          forMs: 60_000,
          unsettledUse,
        }
        const reserving = reserve(tx, env, { ...wanted, units: decimal(amount) }, NOW)
        const made = await reserving.catch(() => null) // refused before anything was written
        if (made)
          await commit(tx, env, { id: made.hold.id, units: decimal(amount), unsettledUse }, NOW)
      },
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (happened) => {
        for (const { kind, which, amount } of happened) await steps[kind]?.(which, String(amount))
        for (const grantId of ids.splice(0)) {
          const entries = await selectEntries(tx, env, { grantId, after: 0, limit: 1_000 })
          const { left } = await getGrant(tx, env, grantId)
          expect(left).toBe(sum(entries.map(({ amount }) => amount)))
          expect(entries.every(({ leftAfter }) => leftAfter >= 0n)).toBe(true)
        }
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})
