import { decimal } from '@usageflow/pricing'
import { beforeEach, expect, test } from 'vitest'
import { declareCustomer } from '../customers/declare-customer.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { createOneOff } from '../invoicing/create-one-off.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { recordPaid, recordUnpaid } from './pay-by-request.ts'

const NOW = new Date('2026-03-01T00:00:00Z')

let env: number
beforeEach(async () => {
  env = await inOwnTransaction(async (tx) => {
    const envId = await aBillingEnvironment(tx, NOW)
    await declareCustomer(tx, envId, { customer: 'ann' }, NOW)
    return envId
  })
})

async function invoice(tx: Tx): Promise<string> {
  const item = { description: 'Work', quantity: decimal('1'), unitAmount: '10', taxRate: null }
  const wanted = { customer: 'ann', currency: 'USD', items: [item], netDays: null, period: null }
  return (await createOneOff(tx, env, wanted, NOW)).state.id
}

test('an invoice of no subscription is paid by hand', async () => {
  const paid = await inOwnTransaction(async (tx) => recordPaid(tx, env, await invoice(tx), NOW))
  expect(paid.state).toMatchObject({ kind: 'one_off', status: 'paid' })
})

test.each([
  ['fail', 'failed'],
  ['void', 'void'],
] as const)(
  'an invoice of no subscription can %s, and nothing is suspended',
  async (step, status) => {
    const changed = await inOwnTransaction(async (tx) =>
      recordUnpaid(tx, env, { id: await invoice(tx), step, reason: 'so' }, NOW),
    )
    expect(changed.state).toMatchObject({ status })
  },
)
