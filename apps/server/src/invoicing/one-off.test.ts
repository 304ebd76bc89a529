import { beforeEach, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { changeInvoice } from './change-invoice.ts'
import { factsOf } from './test-billing.ts'
import { type BillingApp, billingApp } from './test-http.ts'

const START = '2026-03-01T00:00:00Z'

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START)
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await app.good('POST', '/tax-rates', { key: 'low', name: 'Low', percent: '7' })
  await app.good('POST', '/customers', { customerId: 'ann', taxRate: 'vat', netDays: 10 })
})

const work = { description: 'Integration', quantity: '2.5', unitAmount: '120' }
const book = { description: 'Handbook', unitAmount: '9.99', taxRate: 'low' }
const wanted = { customerId: 'ann', currency: 'EUR', items: [work, book] }

test('is final at once: numbered, taxed by each item or the customer, due by its terms', async () => {
  const invoice = await app.good('POST', '/invoices', wanted)
  expect(invoice).toMatchObject({
    ...{ number: 'INV-000001', status: 'finalized', kind: 'one_off', customerId: 'ann' },
    ...{ subscriptionId: null, planId: null, planVersion: null },
    ...{ subtotalMinor: '30999', taxMinor: '5770', totalMinor: '36769', amountDueMinor: '36769' },
    dueAt: '2026-03-11T00:00:00.000Z',
    lines: [
      { kind: 'item', description: 'Integration', quantity: '2.5', amountMinor: '30000' },
      { kind: 'item', description: 'Handbook', quantity: '1', amountMinor: '999' },
    ],
  })
  expect(await app.good('GET', `/invoices/${invoice.id}`)).toEqual(invoice)
  const facts = await inOwnTransaction((tx) => factsOf(tx, app.envId))
  const told = facts.map(({ type, data }) => `${type} ${data.version} ${data.status}`)
  expect(told).toEqual(['invoice.created 1 draft', 'invoice.finalized 2 finalized'])
})

test('says in the preview what it will say, and the preview writes nothing', async () => {
  const preview = await app.good('POST', '/invoices/preview', wanted)
  expect((await app.good('GET', '/invoices')).data).toEqual([])
  const { totalMinor, lines, adjustments } = await app.good('POST', '/invoices', wanted)
  expect(preview).toMatchObject({ totalMinor, lines, adjustments })
})

test('of a customer who is exempt is not taxed, whatever its items name', async () => {
  await app.good('PATCH', '/customers/ann', { taxRate: null, taxExempt: true })
  const invoice = await app.good('POST', '/invoices', wanted)
  expect(invoice).toMatchObject({ taxMinor: '0', totalMinor: '30999' })
})

test('takes promotional money before tax and prepaid money after it, each once', async () => {
  const grant = (amountMinor: string, isPromotional: boolean) =>
    app.good('POST', '/customers/ann/credits', { currency: 'EUR', amountMinor, isPromotional })
  await grant('10000', true)
  await grant('5000', false)
  const items = [{ description: 'Work', unitAmount: '200' }]
  const first = await app.good('POST', '/invoices', { ...wanted, items })
  expect(first).toMatchObject({ taxMinor: '1900', totalMinor: '11900', amountDueMinor: '6900' })
  const second = await app.good('POST', '/invoices', { ...wanted, items })
  expect(second).toMatchObject({ totalMinor: '23800', amountDueMinor: '23800' })
  const voided = { id: first.id, step: 'void', reason: 'wrong' } as const
  await inOwnTransaction((tx) => changeInvoice(tx, app.envId, voided, new Date(START)))
  const third = await app.good('POST', '/invoices', { ...wanted, items })
  expect(third).toMatchObject({ totalMinor: '11900', amountDueMinor: '6900' })
})

test('of nothing is paid at once', async () => {
  const items = [{ description: 'Gift', unitAmount: '0' }]
  const invoice = await app.good('POST', '/invoices', { ...wanted, items })
  expect(invoice).toMatchObject({ status: 'paid', totalMinor: '0', number: 'INV-000001' })
})

test('shares its numbers with all invoices, without a gap, however many are made at once', async () => {
  const made = Array.from({ length: 12 }, () => app.good('POST', '/invoices', wanted))
  const numbers = (await Promise.all(made)).map(({ number }) => number).sort()
  expect(numbers).toEqual(
    Array.from({ length: 12 }, (_, index) => `INV-${String(index + 1).padStart(6, '0')}`),
  )
})

test('is of the period that it names', async () => {
  const period = { start: '2026-02-01T00:00:00.000Z', end: '2026-02-15T00:00:00.000Z' }
  const invoice = await app.good('POST', '/invoices', { ...wanted, period, netDays: 3 })
  expect(invoice).toMatchObject({ periodStart: period.start, periodEnd: period.end })
  expect(invoice.dueAt).toBe('2026-03-04T00:00:00.000Z')
})

describe('is refused', () => {
  const huge = { description: 'x', unitAmount: '10000000000000', quantity: '1000000000000' }
  const now = '2026-03-01T00:00:00Z'
  test.each([
    ['for nobody', { customerId: 'bob' }, 'customer.unknown'],
    ['in no currency', { currency: 'EUX' }, 'plan.currency_unknown'],
    ['with finer amounts than its currency', { currency: 'JPY' }, 'plan.amount_impossible'],
    ['with a rate that is not there', { items: [{ ...work, taxRate: 'x' }] }, 'tax_rate.unknown'],
    ['beyond what it can hold', { items: [huge] }, 'invoice.amount_too_large'],
    ['of an empty period', { period: { start: now, end: now } }, 'invoice.period_impossible'],
    ['without an item', { items: [] }, 'request.malformed'],
    ['with a quantity of 0', { items: [{ ...work, quantity: '0' }] }, 'request.malformed'],
    ['with a negative amount', { items: [{ ...work, unitAmount: '-1' }] }, 'request.malformed'],
  ])('%s', async (_, change, code) => {
    const body = { ...wanted, ...change }
    expect(await app.refused('POST', '/invoices', body)).toBe(code)
    expect(await app.refused('POST', '/invoices/preview', body)).toBe(code)
    expect((await app.good('GET', '/invoices')).data).toEqual([])
  })
})
