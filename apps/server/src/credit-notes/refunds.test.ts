import { beforeEach, expect, test } from 'vitest'
import { factsOf } from '../invoicing/test-billing.ts'
import { recordPaid, refundPayment } from '../payments/pay-by-request.ts'
import {
  aCollectingEnvironment,
  dueInvoice,
  livePayments,
  payments,
  START,
} from '../payments/test-payments.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { issueCreditNote } from './issue-credit-note.ts'

let env: number
beforeEach(async () => {
  env = await aCollectingEnvironment()
})

/** An invoice of $100 that a card has paid. */
async function paidByCard(): Promise<string> {
  const id = await dueInvoice(env, 'pm_test_ok')
  await livePayments(env, START)
  return id
}

function refund(invoiceId: string, amountMinor: bigint) {
  const wanted = { invoiceId, wanted: { amountMinor }, settlement: 'refund', reason: 'no' } as const
  return inOwnTransaction((tx) => issueCreditNote(tx, env, wanted, START))
}

const refunds = async () => (await payments(env)).filter(({ kind }) => kind === 'refund')

test('what a card has paid goes back to the card', async () => {
  const { refundId } = await refund(await paidByCard(), 4_000n)
  const [charge] = (await payments(env)).filter(({ kind }) => kind === 'charge')
  await livePayments(env, START)
  expect(await refunds()).toMatchObject([
    {
      id: refundId,
      refundOf: charge?.id,
      amountMinor: 4_000n,
      provider: 'test',
      status: 'succeeded',
    },
  ])
  const facts = await inOwnTransaction((tx) => factsOf(tx, env))
  const told = facts.filter(({ type }) => type === 'credit_note.created' || /refund/.test(type))
  expect(told.map(({ type, data }) => [type, data.refundId])).toEqual([
    ['credit_note.created', refundId],
    ['payment.refunded', undefined],
  ])
})

test('what was paid by hand is noted as given back by hand', async () => {
  const id = await dueInvoice(env, null)
  await inOwnTransaction((tx) => recordPaid(tx, env, id, START))
  const { refundId } = await refund(id, 4_000n)
  expect(await refunds()).toMatchObject([{ id: refundId, provider: 'manual', status: 'succeeded' }])
})

test('what was given back before is not given back again, and then there is no note', async () => {
  const id = await paidByCard()
  const [charge] = await payments(env)
  const back = { id: charge?.id ?? '', amountMinor: 7_000n }
  await inOwnTransaction((tx) => refundPayment(tx, env, back, START))
  await expect(refund(id, 4_000n)).rejects.toMatchObject({ code: 'payment.refund_too_large' })
  expect(await refund(id, 3_000n)).toMatchObject({ number: 'CN-000001' })
})
