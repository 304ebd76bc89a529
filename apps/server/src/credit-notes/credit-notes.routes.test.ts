import { beforeEach, describe, expect, test } from 'vitest'
import { changeInvoice } from '../invoicing/change-invoice.ts'
import { factsOf } from '../invoicing/test-billing.ts'
import { type BillingApp, billingApp } from '../invoicing/test-http.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { settingsRoutes } from '../settings/settings.routes.ts'
import { creditNotesRoutes } from './credit-notes.routes.ts'

const START = '2026-03-01T00:00:00Z'

let app: BillingApp
beforeEach(async () => {
  app = await billingApp(START, [...creditNotesRoutes(), ...settingsRoutes()])
  await app.good('POST', '/tax-rates', { key: 'vat', name: 'VAT', percent: '19' })
  await app.good('POST', '/tax-rates', { key: 'in', name: 'VAT', percent: '19', inclusive: true })
  await app.good('POST', '/customers', { customerId: 'ann', taxRate: 'vat' })
})

/** An invoice of 119.00 and 11.90. */
async function invoiced(taxRate: string | null = null): Promise<string> {
  const items = [
    { description: 'Work', unitAmount: '100', taxRate },
    { description: 'Travel', unitAmount: '10', taxRate },
  ]
  return (await app.good('POST', '/invoices', { customerId: 'ann', currency: 'EUR', items })).id
}

const step = (id: string, taken: 'pay' | 'fail' | 'void') =>
  inOwnTransaction((tx) =>
    changeInvoice(tx, app.envId, { id, step: taken, reason: 'so' }, new Date(START)),
  )
const credit = { settlement: 'credit', reason: 'Down for a day' }
const refund = { settlement: 'refund', reason: 'Down for a day' }
const note = (id: string, body: object) => app.good('POST', `/invoices/${id}/credit-notes`, body)
const refused = (id: string, body: object) =>
  app.refused('POST', `/invoices/${id}/credit-notes`, body)

test('becomes money that pays the next invoice, and is told of', async () => {
  const id = await invoiced()
  const made = await note(id, { ...credit, lines: [{ lineNo: 2 }, { lineNo: 1, amount: '59.5' }] })
  expect(made).toMatchObject({
    ...{ number: 'CN-000001', invoiceId: id, total: '71.40', taxMinor: '1140' },
    lines: [
      { invoiceLineNo: 1, amount: '59.50', taxMinor: '950' },
      { invoiceLineNo: 2, amount: '11.90', taxMinor: '190' },
    ],
  })
  expect(await app.good('GET', `/credit-notes/${made.id}`)).toEqual(made)
  expect(await app.good('GET', `/invoices/${id}`)).toMatchObject({
    ...{ creditedMinor: '7140', amountDueMinor: '13090', status: 'finalized' },
  })
  const facts = await inOwnTransaction((tx) => factsOf(tx, app.envId))
  const told = facts.find(({ type }) => type === 'credit_note.created')
  expect(told?.data).toMatchObject({ creditNoteId: made.id, totalMinor: '7140' })
  const next = await app.good('GET', `/invoices/${await invoiced()}`)
  expect(next).toMatchObject({ totalMinor: '13090', amountDueMinor: '5950' })
})

test('takes back of an inclusive tax what is part of the amount', async () => {
  await app.good('PATCH', '/customers/ann', { taxRate: null })
  const made = await note(await invoiced('in'), { ...credit, lines: [{ lineNo: 1 }] })
  expect(made).toMatchObject({ total: '100.00', taxMinor: '1596' }) // of 17.56, spread over both lines
})

test('leaves for the next ones what it has not taken, and nothing more', async () => {
  const id = await invoiced()
  await note(id, { ...credit, amount: '130.89' })
  expect(await refused(id, { ...credit, amount: '0.02' })).toBe('credit_note.too_large')
  const last = await note(id, credit)
  expect(last).toMatchObject({ number: 'CN-000002', total: '0.01' })
  expect(await refused(id, credit)).toBe('credit_note.empty')
  const { data } = await app.good('GET', `/credit-notes?invoiceId=${id}`)
  const taxes = data.map(({ taxMinor }: { taxMinor: string }) => Number(taxMinor))
  expect(taxes[0] + taxes[1]).toBe(2_090) // all that the invoice has
})

test('of 10 that race for an invoice, only what is there is taken back', async () => {
  const id = await invoiced()
  const path = `/invoices/${id}/credit-notes`
  const racing = Array.from({ length: 10 }, () =>
    note(id, { ...credit, amount: '30' }).then(
      () => 1,
      () => 0,
    ),
  )
  const made = (await Promise.all(racing)).reduce((sum: number, one) => sum + one, 0)
  expect(made).toBe(4) // 120.00 of 130.90
  expect(await app.refused('POST', path, { ...credit, amount: '30' })).toBe('credit_note.too_large')
  const { data } = await app.good('GET', '/credit-notes')
  const numbers = data.map(({ number }: { number: string }) => number)
  expect(numbers.sort()).toEqual(['CN-000001', 'CN-000002', 'CN-000003', 'CN-000004'])
})

describe('a refund', () => {
  test('is of what was paid with money, to the minor unit', async () => {
    const grant = { currency: 'EUR', amountMinor: '5000', isPromotional: false }
    await app.good('POST', '/customers/ann/credits', grant)
    const id = await invoiced()
    await step(id, 'pay') // 80.90
    expect(await refused(id, { ...refund, amount: '80.91' })).toBe('credit_note.not_refundable')
    const made = await note(id, { ...refund, amount: '80.90' })
    expect(made).toMatchObject({ settlement: 'refund', creditId: null })
    expect(await refused(id, { ...refund, amount: '0.01' })).toBe('credit_note.not_refundable')
    expect(await note(id, credit)).toMatchObject({ total: '50.00' })
  })

  test('is not of what nobody has paid', async () => {
    const id = await invoiced()
    expect(await refused(id, { ...refund, amount: '1' })).toBe('credit_note.not_refundable')
    await step(id, 'fail')
    expect(await refused(id, { ...refund, amount: '1' })).toBe('credit_note.not_refundable')
  })
})

test('is not of a void invoice, and what was credited cannot be void', async () => {
  const voided = await invoiced()
  await step(voided, 'void')
  expect(await refused(voided, credit)).toBe('invoice.not_creditable')
  const id = await invoiced()
  await note(id, { ...credit, amount: '0.01' })
  await expect(step(id, 'void')).rejects.toMatchObject({ code: 'invoice.credited' })
})

test('is not of a draft, nor of no invoice, nor of a contradiction', async () => {
  await app.good('POST', '/plans', { key: 'p', name: 'P', currency: 'EUR', cycle: 'month' })
  await app.good('POST', '/subscriptions', { customerId: 'ann', plan: 'p' })
  await app.until('2026-04-01T00:00:00Z')
  const { data } = await app.good('GET', '/invoices?status=draft')
  expect(await refused(data[0].id, credit)).toBe('invoice.not_creditable')
  expect(await refused('inv_none', credit)).toBe('invoice.unknown')
  const both = { ...credit, amount: '1', lines: [{ lineNo: 1 }] }
  expect(await refused(await invoiced(), both)).toBe('request.malformed')
})

test('is numbered by a pattern of its own', async () => {
  await app.good('PATCH', '/settings/billing', { creditNotePattern: 'GS-{year}-{number:3}' })
  expect(await note(await invoiced(), credit)).toMatchObject({ number: 'GS-2026-001' })
  const patch = { creditNotePattern: 'GS' }
  const code = await app.refused('PATCH', '/settings/billing', patch)
  expect(code).toBe('settings.pattern_impossible')
})
