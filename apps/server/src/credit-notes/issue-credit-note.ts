import { majorText, wholeDecimal } from '@usageflow/pricing'
import { grantCredits } from '../credits/grant-credits.ts'
import { lockForCredit, noteCredited } from '../invoicing/credited-invoices.ts'
import type { InvoiceContent } from '../invoicing/invoice.ts'
import type { StoredInvoice } from '../invoicing/read-invoice.ts'
import { refundInvoice } from '../payments/pay-by-request.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import { newId } from '../platform/id.ts'
import { numberText } from '../settings/billing-settings.ts'
import { billingSettings } from '../settings/decide-settings.ts'
import {
  type CreditableLine,
  type CreditNote,
  linesOfNote,
  type Settlement,
  type Wanted,
} from './credit-note.ts'
import { insertNote, selectNote, selectNotesOf, takeNumber } from './credit-notes.store.ts'
import { failures } from './failures.ts'

export type NewCreditNote = {
  readonly invoiceId: string
  readonly wanted: Wanted
  readonly settlement: Settlement
  readonly reason: string
}

const CREDIT_PRIORITY = 0 // it is the customer's own money: before anything else that was paid for

/**
 * Takes back what is wanted of an invoice; of two notes at once, the second is judged by what the first has
 * left. Throws `invoice.unknown`, `invoice.not_creditable`, `credit_note.not_refundable`,
 * `payment.refund_too_large` and what `linesOfNote` throws.
 */
export async function issueCreditNote(
  tx: Tx,
  envId: number,
  { invoiceId, wanted, settlement, reason }: NewCreditNote,
  now: Date,
): Promise<CreditNote> {
  const invoice = await lockForCredit(tx, envId, invoiceId)
  const { customer } = invoice.state
  const { currency } = invoice.content
  const before = await selectNotesOf(tx, envId, invoiceId)
  const leftMinor = invoice.content.totalMinor - sumOf(before)
  const lines = linesOfNote(creditableLines(invoice.content, before), wanted, leftMinor)
  const totalMinor = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  const taxMinor = lines.reduce((sum, line) => sum + line.taxMinor, 0n)
  if (settlement === 'refund') assertPaid(invoice, before, totalMinor)
  await noteCredited(tx, envId, invoiceId, { amountMinor: totalMinor, at: now })
  const { creditNotePattern } = await billingSettings(tx, envId)
  const number = numberText(creditNotePattern, await takeNumber(tx, envId), now)
  const amount = { customer, currency, totalMinor, number }
  const grantId = settlement === 'credit' ? await grantMoney(tx, envId, amount, now) : null
  const back = { invoiceId, amountMinor: totalMinor }
  const refund = settlement === 'refund' ? await refundInvoice(tx, envId, back, now) : null
  const note: CreditNote = {
    ...{ id: newId('crn'), number, invoiceId, customer, currency, settlement, grantId, reason },
    ...{ refundId: refund?.id ?? null, totalMinor, taxMinor, issuedAt: now, lines },
  }
  await insertNote(tx, envId, note)
  await appendFact(tx, envId, { type: 'credit_note.created', at: now, data: factData(note) })
  return note
}

/** Throws `credit_note.unknown`. */
export async function getCreditNote(tx: Tx, envId: number, id: string): Promise<CreditNote> {
  const note = await selectNote(tx, envId, id)
  if (!note) throw failures.unknown(id)
  return note
}

/** The lines of an invoice with what they came to and what notes took back of them. */
function creditableLines(
  { lines, adjustments }: InvoiceContent,
  notes: readonly CreditNote[],
): CreditableLine[] {
  const inclusive = new Set(adjustments.flatMap(({ ref, tax }) => (tax?.isInclusive ? [ref] : [])))
  const credited = notes.flatMap((note) => note.lines)
  return lines.map(({ lineNo, taxRateId, taxMinor, ...line }) => {
    const shown = line.amountMinor - line.discountMinor - line.promotionalMinor
    const isInclusive = taxRateId !== null && inclusive.has(taxRateId)
    const mine = credited.filter(({ invoiceLineNo }) => invoiceLineNo === lineNo)
    return {
      ...{ lineNo, taxMinor },
      chargedMinor: isInclusive ? shown : shown + taxMinor,
      creditedMinor: mine.reduce((sum, { amountMinor }) => sum + amountMinor, 0n),
    }
  })
}

/** What credits paid goes back to credits. */
function assertPaid(
  { state, content }: StoredInvoice,
  before: readonly CreditNote[],
  totalMinor: bigint,
): void {
  const refunded = sumOf(before.filter(({ settlement }) => settlement === 'refund'))
  const left = state.status === 'paid' ? content.amountDueMinor - refunded : 0n
  if (totalMinor > left) throw failures.notRefundable(left)
}

async function grantMoney(
  tx: Tx,
  envId: number,
  credited: Pick<CreditNote, 'customer' | 'currency' | 'totalMinor' | 'number'>,
  now: Date,
): Promise<string> {
  const { customer, currency, totalMinor, number } = credited
  const grant = await grantCredits(
    tx,
    envId,
    {
      ...{ customer, asset: { kind: 'money', currency, meterIds: null } },
      ...{ amount: wholeDecimal(totalMinor), priority: CREDIT_PRIORITY, from: now, to: null },
      ...{ isPromotional: false, lowAt: null, source: 'correction', cycle: null },
      name: `Credit note ${number}`,
    },
    now,
  )
  return grant.id
}

function sumOf(notes: readonly CreditNote[]): bigint {
  return notes.reduce((sum, { totalMinor }) => sum + totalMinor, 0n)
}

function factData(note: CreditNote): Record<string, unknown> {
  const { id, number, invoiceId, customer, currency, settlement, grantId, refundId, reason } = note
  return {
    ...{ creditNoteId: id, number, invoiceId, customerId: customer, currency },
    total: majorText(note.totalMinor, currency),
    totalMinor: String(note.totalMinor),
    taxMinor: String(note.taxMinor),
    ...{ settlement, creditId: grantId, refundId, reason },
  }
}
