import { minorDigits, minorRounded } from '@usageflow/pricing'
import { contentOf, lineOf } from '../invoicing/bill-of.ts'
import { earlierThresholds } from '../invoicing/deductions.ts'
import {
  type InvoiceContent,
  isOfPeriod,
  type LateState,
  type PeriodInvoiceState,
  type ThresholdState,
} from '../invoicing/invoice.ts'
import { billsOf, lateBill, type MadeInvoice } from '../invoicing/late-periods.ts'
import { thresholdContent, unbilledUsage } from '../invoicing/threshold-content.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import type { Bill, RatedUsage } from '../rating/bill.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { rateOneOff } from '../rating/rate-one-off.ts'
import { type BilledPeriod, billedPeriods, periodKey } from '../subscriptions/billed-periods.ts'
import { type FinalInvoice, recordedBasis, recordedBasisSoFar } from './recorded-basis.ts'

/** What an invoice says when it is computed again, and the usage that was counted for it. */
export type Recomputed = {
  readonly content: InvoiceContent
  readonly asked: RatedUsage['asked']
}

/**
 * Computes a final invoice again from its events and from what was true when it was made. There may be several
 * answers, the likeliest first, where that is not noted: of usage billed within a period that was cut short later,
 * until when the period was to last.
 */
export async function* recomputed(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
): AsyncGenerator<Recomputed> {
  const { state } = invoice
  if (state.kind === 'one_off') {
    yield { content: await oneOff(tx, envId, invoice), asked: [] }
    return
  }
  const billed = await periodOf(tx, envId, state)
  if (isOfPeriod(state)) {
    yield ofPeriod(tx, envId, invoice, billed)
    return
  }
  if (state.kind === 'late') {
    yield afterLast(tx, envId, invoice, billed)
    return
  }
  yield soFar(tx, envId, invoice, billed)
  const { period } = billed
  const whole = { ...billed, period: { ...period, end: period.plannedEnd } }
  if (period.end < period.plannedEnd) yield soFar(tx, envId, invoice, whole)
}

async function periodOf(
  tx: Tx,
  envId: number,
  state: PeriodInvoiceState | ThresholdState | LateState,
): Promise<BilledPeriod> {
  const billed = (await billedPeriods(tx, envId, [state])).get(periodKey(state))
  invariant(billed !== undefined, 'an invoice refers to its period')
  return billed
}

async function ofPeriod(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
  billed: BilledPeriod,
): Promise<Recomputed> {
  const { id, kind } = invoice.state as PeriodInvoiceState // as the caller has seen
  const { bills } = await billsOf(tx, envId, [{ id, kind, billed }], whenMade(invoice, billed))
  return ratedAgain(tx, envId, invoice, bills)
}

/** Of an ended subscription what came late; where that changes nothing any more, there are no lines. */
async function afterLast(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
  billed: BilledPeriod,
): Promise<Recomputed> {
  const { state, content, finalizedAt: at } = invoice
  const late = { id: state.id, billed, at }
  const { bill } = await lateBill(tx, envId, late, whenMade(invoice, billed))
  if (bill === null) return { content: { ...content, lines: [], adjustments: [] }, asked: [] }
  return ratedAgain(tx, envId, invoice, [bill])
}

function whenMade(
  { state, content, finalizedAt }: FinalInvoice,
  { period }: BilledPeriod,
): MadeInvoice {
  const { lateBefore } = content
  invariant(lateBefore !== null, 'an invoice of usage says how far it looked for late usage')
  return { id: state.id, lateBefore, finalizedAt, periodNo: period.no }
}

async function ratedAgain(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
  bills: readonly Bill[],
): Promise<Recomputed> {
  const { usageBefore, lateBefore } = invoice.content
  const deducted = bills.flatMap((bill) => bill.deducted)
  const basis = recordedBasis(tx, envId, invoice, deducted)
  const { rated, usage } = await rateBills(tx, envId, bills, basis)
  const [bill] = rated
  invariant(bill !== undefined, 'each bill is rated')
  return { content: contentOf(bill, { usageBefore, lateBefore }), asked: usage.asked }
}

async function soFar(
  tx: Tx,
  envId: number,
  invoice: FinalInvoice,
  billed: BilledPeriod,
): Promise<Recomputed> {
  const { finalizedAt } = invoice
  const basis = recordedBasisSoFar(tx, envId, invoice)
  const state = invoice.state as ThresholdState // as the caller has seen
  const earlier = await earlierThresholds(tx, envId, { state, finalizedAt })
  const found = await unbilledUsage(tx, envId, { billed, earlier }, basis)
  const content = await thresholdContent(tx, envId, { ...found, basis }, finalizedAt)
  return { content, asked: found.usage.asked }
}

/** There is nothing behind its items but what it says itself: sums, taxes and credits follow from them. */
async function oneOff(tx: Tx, envId: number, invoice: FinalInvoice): Promise<InvoiceContent> {
  const { state, content, finalizedAt } = invoice
  const { currency, periodStart, periodEnd } = content
  const isPaid = content.adjustments.some(({ kind }) => kind !== 'tax')
  const { lines, ...sums } = await rateOneOff(
    tx,
    envId,
    {
      ...{ customer: state.customer, currency, periodStart, periodEnd, coupons: [] },
      creditsAt: isPaid ? finalizedAt : null,
      details: { taxRateId: null, isTaxExempt: false, netDays: null },
      items: content.lines.map(({ name, description, quantity, unitPrice, taxRateId }) => ({
        ...{ name, description, quantity, taxRateId },
        amountMinor: minorRounded(unitPrice, minorDigits(currency)),
      })),
    },
    recordedBasis(tx, envId, invoice),
  )
  return { ...content, ...sums, lines: lines.map(lineOf) }
}
