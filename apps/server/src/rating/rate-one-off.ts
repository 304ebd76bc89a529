import {
  composeInvoice,
  type Decimal,
  type Interval,
  type Line,
  type LineShare,
  wholeDecimal,
} from '@usageflow/pricing'
import { taxRatesById } from '../catalog/find-tax-rate.ts'
import type { BillingDetails } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type Basis, basisNow } from './basis.ts'
import type { Adjustment, BillLine, Sums } from './bill.ts'
import type { BillCoupon } from './bill-coupons.ts'
import { adjustmentsOf } from './compose-bill.ts'
import { taxTerms } from './tax-of.ts'
import { Purses } from './usable-grants.ts'

/** What a customer is charged for beside all plans. */
export type OneOff = Interval & {
  readonly customer: string
  /** ISO 4217 code. */
  readonly currency: string
  readonly items: readonly OneOffItem[]
  /** At which credits must be valid to pay for it; null: no credits pay for it. */
  readonly creditsAt: Date | null
  readonly coupons: readonly BillCoupon[]
}

export type OneOffItem = {
  /** Stored with its line. */
  readonly name: string
  readonly description: string
  /** 1 unless given. */
  readonly quantity?: Decimal
  /** Of one, in minor units. */
  readonly amountMinor: bigint
  /** Null: that of the customer. */
  readonly taxRateId: string | null
}

export type RatedOneOff = Sums & {
  readonly lines: readonly BillLine[]
  readonly adjustments: readonly Adjustment[]
}

/**
 * What a one-off invoice comes to: its items, taxed by the rate that each names, else by that of the
 * customer, and paid by credits of money.
 */
export async function rateOneOff(
  tx: Tx,
  envId: number,
  oneOff: OneOff & { readonly details: BillingDetails },
  basis: Pick<Basis, 'grants'> = basisNow(tx, envId),
): Promise<RatedOneOff> {
  const { customer, details, currency, creditsAt, coupons, periodStart, periodEnd } = oneOff
  const items = oneOff.items.map(({ name, quantity = ONE, amountMinor, taxRateId }) => ({
    ...{ name, quantity, amountMinor, periodStart, periodEnd },
    taxRate: details.isTaxExempt ? null : (taxRateId ?? details.taxRateId),
  }))
  const named = items.flatMap(({ taxRate }) => taxRate ?? [])
  const taxRates = await taxRatesById(tx, envId, [...new Set(named)])
  const from = creditsAt ?? periodStart
  const to = new Date(from.getTime() + 1)
  const payers = creditsAt ? [customer] : []
  const purses = new Purses(await basis.grants(payers, { from, to }))
  const valid = { currency, start: from, end: to }
  const invoice = composeInvoice({
    ...{ currency, base: null, usage: null, items, minimumMinor: null },
    coupons: coupons.map(({ coupon }) => coupon),
    promotional: purses.money(customer, valid, true),
    taxRates: taxTerms(taxRates),
    prepaid: purses.money(customer, valid, false),
  })
  for (const { id, amountMinor } of [...invoice.promotional, ...invoice.prepaid])
    purses.take(id, wholeDecimal(amountMinor))
  const { subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor } = invoice
  return {
    ...{ subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor },
    lines: invoice.lines.map((line, index) =>
      lineOf(line, oneOff.items[index]?.description ?? line.kind),
    ),
    adjustments: adjustmentsOf(invoice, [], { coupons, taxRates }, purses),
  }
}

const ONE = wholeDecimal(1n)

/** There are lines of items alone, in their order. */
function lineOf(line: Line & LineShare, description: string): BillLine {
  return { ...line, description, billedMeter: null, coverage: [], late: null }
}
