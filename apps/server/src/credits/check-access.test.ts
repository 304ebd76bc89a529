import { type Decimal, decimal } from '@usageflow/pricing'
import { beforeEach, describe, expect } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { dbTest as test } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { suspend } from '../subscriptions/change-subscription.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import { checkAccess } from './check-access.ts'
import { grantCredits } from './grant-credits.ts'
import { reserve } from './hold-credits.ts'
import type { RememberedUse } from './remembered-use.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const LATER = new Date('2026-03-10T00:00:00Z')
const unsettledUse = async () => new Map<string, Decimal>()
const nothingUsed: RememberedUse = {
  of: async (_envId, _customer, ledgerVersion) => ({ ledgerVersion, used: new Map() }),
  atOnce: () => Promise.reject(new Error('the ledger stays as it is')),
}

let env: number
let meterId: string

/** A meter with a price on plan `pro`, and two customers, one above the other. */
const prepare = async (tx: Tx) => {
  env = await aBillingEnvironment(tx, NOW)
  meterId = await aMeter(tx, env)
  await aPlan(tx, env)
  await declareCustomer(tx, env, { customer: 'acme' }, NOW)
  await declareCustomer(tx, env, { customer: 'ann', parent: 'acme' }, NOW)
}

beforeEach<{ tx: Tx }>(({ tx }) => prepare(tx))

const ask = (tx: Tx, units = '10', now = NOW) => {
  const question = {
    customer: 'ann',
    meter: 'API_CALL',
    units: decimal(units),
    rememberedUse: nothingUsed,
  }
  return checkAccess(tx, env, question, now)
}

const subscribed = (tx: Tx, customer: string | null) =>
  subscribe(
    tx,
    env,
    {
      ...{ customer, plan: 'pro', planVersion: null, startedAt: NOW },
      ...{ anchorKind: 'day', timeZone: 'UTC', cancelAt: null },
    },
    NOW,
  )

const granted = (tx: Tx, amount: string, to: Date | null = null) => {
  const terms = { from: NOW, to, priority: 100, isPromotional: false, cycle: null }
  const asset = { kind: 'units', meterId } as const
  const grant = { ...terms, customer: 'ann', asset, amount: decimal(amount), lowAt: null }
  return grantCredits(tx, env, { ...grant, source: 'manual', name: '' }, NOW)
}

describe('access', () => {
  test('is closed to whoever has neither plan nor credits', async ({ tx }) => {
    expect(await ask(tx)).toMatchObject({ isAllowed: false, reason: 'nothing' })
  })

  test('is open where the nearest subscription upward has a price', async ({ tx }) => {
    const root = await subscribed(tx, null)
    expect(await ask(tx)).toMatchObject({ reason: 'plan', subscriptionId: root.id })
    const above = await subscribed(tx, 'acme')
    expect(await ask(tx)).toMatchObject({ isAllowed: true, subscriptionId: above.id })
  })

  test('is closed while that subscription is suspended, whatever credits there are', async ({
    tx,
  }) => {
    const { id } = await subscribed(tx, 'acme')
    await granted(tx, '100')
    await suspend(tx, env, id, NOW)
    expect(await ask(tx)).toMatchObject({ isAllowed: false, reason: 'suspended' })
  })

  test.for([
    ['one unit below what is free', '89', true],
    ['all that is free', '90', true],
    ['more than is free', '90.000000000001', false],
  ] as const)('by credits, less what is held, for %s', async ([, units, isAllowed], { tx }) => {
    await granted(tx, '100')
    const wanted = { customer: 'ann', meter: 'API_CALL', units: decimal('10'), key: null }
    await reserve(tx, env, { ...wanted, forMs: 60_000, unsettledUse }, NOW)
    expect(await ask(tx, units)).toMatchObject({ isAllowed, available: decimal('90') })
  })

  test('by credits ends with them', async ({ tx }) => {
    await granted(tx, '100', LATER)
    expect(await ask(tx, '1', new Date(LATER.getTime() - 1))).toMatchObject({ isAllowed: true })
    expect(await ask(tx, '1', LATER)).toMatchObject({ isAllowed: false })
  })

  test('of unknown customers and meters is no answer', async ({ tx }) => {
    const question = {
      customer: 'ann',
      meter: 'API_CALL',
      units: decimal('1'),
      rememberedUse: nothingUsed,
    }
    const nobody = checkAccess(tx, env, { ...question, customer: 'nobody' }, NOW)
    await expect(nobody).rejects.toMatchObject({ code: 'customer.unknown' })
    const nothing = checkAccess(tx, env, { ...question, meter: 'nothing' }, NOW)
    await expect(nothing).rejects.toMatchObject({ code: 'meter.unknown' })
  })
})
