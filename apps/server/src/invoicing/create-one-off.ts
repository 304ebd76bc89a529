import { type Decimal, isCurrency } from '@usageflow/pricing'
import { amountOf } from '../catalog/amount.ts'
import { findTaxRates } from '../catalog/find-tax-rate.ts'
import { failures as planFailures } from '../catalog/plan-failures.ts'
import { lockCredits } from '../credits/settle-use.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { type OneOff, rateOneOff } from '../rating/rate-one-off.ts'
import { lineOf } from './bill-of.ts'
import { failures } from './failures.ts'
import type { InvoiceContent, OneOffState } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { insertDrafts } from './invoice-states.store.ts'
import { getInvoice, type StoredInvoice } from './read-invoice.ts'
import { storeInvoices } from './store-invoices.ts'

/** What a customer is to be charged for beside all plans. */
export type NewOneOff = {
  readonly customer: string
  /** ISO 4217 code. */
  readonly currency: string
  readonly items: readonly {
    readonly description: string
    readonly quantity: Decimal
    /** Of one, in the currency's major unit. */
    readonly unitAmount: string
    /** Id or key; null: that of the customer. */
    readonly taxRate: string | null
  }[]
  /** Null: that of the customer, else 0. */
  readonly netDays: number | null
  /** When it was supplied; null: at this instant. */
  readonly period: { readonly start: Date; readonly end: Date } | null
  /** Credits of money pay for it, unless this says false: what buys credits is not paid by credits. */
  readonly takesCredits?: boolean
}

const AMOUNT_MINOR_MAX = 10n ** 18n // below what a column of the type bigint holds, with room for taxes
const DAYS_UNSAID = 0

/**
 * Makes a one-off invoice, which is final at once. Throws `customer.unknown`, `plan.currency_unknown`,
 * `plan.amount_impossible`, `tax_rate.unknown`, `tax_rate.archived`, `invoice.period_impossible` and
 * `invoice.amount_too_large`.
 */
export async function createOneOff(
  tx: Tx,
  envId: number,
  wanted: NewOneOff,
  now: Date,
): Promise<StoredInvoice> {
  await getCustomer(tx, envId, wanted.customer)
  await lockCredits(tx, envId, [wanted.customer])
  const content = await oneOffContent(tx, envId, wanted, now)
  const state: OneOffState = {
    ...{ id: newId('inv'), customer: wanted.customer, kind: 'one_off', status: 'draft' },
    ...{ subscriptionId: null, periodNo: null, reason: null, version: 1, createdAt: now },
    overdueAt: null,
    creditedMinor: 0n,
  }
  await insertDrafts(tx, envId, [state])
  await tellOf(tx, envId, [{ type: 'invoice.created', state, content }], now)
  await storeInvoices(tx, envId, [{ state, content }], now)
  return getInvoice(tx, envId, state.id)
}

/** What it would say. Throws like `createOneOff`; writes nothing. */
export async function oneOffContent(
  tx: Tx,
  envId: number,
  wanted: NewOneOff,
  now: Date,
): Promise<InvoiceContent> {
  const customer = await getCustomer(tx, envId, wanted.customer)
  const oneOff = await parsed(tx, envId, wanted, now)
  const { lines, adjustments, ...sums } = await rateOneOff(tx, envId, {
    ...oneOff,
    details: customer,
  })
  const amounts = [sums.totalMinor, sums.subtotalMinor, ...lines.map((line) => line.amountMinor)]
  if (amounts.some((amount) => amount > AMOUNT_MINOR_MAX)) throw failures.amountTooLarge()
  return {
    ...{ number: null, planId: null, planVersion: null, currency: oneOff.currency },
    ...{ periodStart: oneOff.periodStart, periodEnd: oneOff.periodEnd, ...sums },
    netDays: wanted.netDays ?? customer.netDays ?? DAYS_UNSAID,
    ...{ dueAt: null, usageBefore: 0n, lateBefore: null, finalizedAt: null, adjustments },
    lines: lines.map(lineOf),
  }
}

/** Something supplied at an instant is of the millisecond that begins with it. */
async function parsed(tx: Tx, envId: number, wanted: NewOneOff, now: Date): Promise<OneOff> {
  const { customer, currency, items, period, takesCredits = true } = wanted
  if (!isCurrency(currency)) throw planFailures.currencyUnknown(currency)
  if (period && period.start >= period.end) throw failures.periodImpossible()
  const refs = items.flatMap(({ taxRate }) => taxRate ?? [])
  const rates = await findTaxRates(tx, envId, refs)
  return {
    ...{ customer, currency, creditsAt: takesCredits ? now : null, coupons: [] },
    periodStart: period?.start ?? now,
    periodEnd: period?.end ?? new Date(now.getTime() + 1),
    items: items.map(({ description, quantity, unitAmount, taxRate }) => ({
      ...{ name: description, description, quantity, amountMinor: amountOf(unitAmount, currency) },
      taxRateId: taxRate === null ? null : (rates.get(taxRate)?.id ?? null),
    })),
  }
}
