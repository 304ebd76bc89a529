import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import type { Basis } from '../rating/basis.ts'
import type { Bill, BillLine, RatedBill, RatedUsage } from '../rating/bill.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type OneOffItem, rateOneOff } from '../rating/rate-one-off.ts'
import type { BilledPeriod } from '../subscriptions/billed-periods.ts'
import { billOf, lineOf } from './bill-of.ts'
import type { InvoiceContent } from './invoice.ts'
import type { StoredInvoice } from './invoices.store.ts'

/** What the usage of a period under way has come to that is on no invoice. */
export type Unbilled = {
  readonly soFar: RatedBill
  readonly items: readonly OneOffItem[]
  readonly usage: RatedUsage
}

/** `earlier`: what was billed of the period while it was under way. */
export async function unbilledUsage(
  tx: Tx,
  envId: number,
  period: { readonly billed: BilledPeriod; readonly earlier: readonly StoredInvoice[] },
  basis: Basis,
): Promise<Unbilled> {
  const { rated, usage } = await rateBills(tx, envId, [usageSoFar(period.billed)], basis)
  const [soFar] = rated
  invariant(soFar !== undefined, 'each bill is rated')
  return { soFar, items: unbilled(soFar.lines, period.earlier), usage }
}

/** What is used is billed, and nothing else: base price, add-ons and minimum are for the whole period. */
function usageSoFar(billed: BilledPeriod): Bill {
  return { ...billOf('so far', 'period', billed), base: null, isFirst: false, unusedBase: null }
}

/** For each meter and rate of tax what its usage has come to, without what is on earlier invoices. */
function unbilled(lines: readonly BillLine[], earlier: readonly StoredInvoice[]): OneOffItem[] {
  const items = new Map<string, OneOffItem>()
  const add = (item: OneOffItem) => {
    const key = `${item.name} ${item.taxRateId ?? ''}`
    const known = items.get(key)
    const amountMinor = (known?.amountMinor ?? 0n) + item.amountMinor
    items.set(key, { ...item, ...known, amountMinor })
  }
  for (const { billedMeter: meter, kind, taxRate: taxRateId, amountMinor } of lines)
    if (kind === 'usage' && meter)
      add({ name: meter.key, description: `${meter.name}, usage so far`, taxRateId, amountMinor })
  for (const { name, description, taxRateId, amountMinor } of earlier.flatMap(linesOf))
    add({ name, description, taxRateId, amountMinor: -amountMinor })
  return [...items.values()].filter(({ amountMinor }) => amountMinor !== 0n)
}

function linesOf({ content }: StoredInvoice) {
  return content.lines
}

/** Percentages come off here as they do off the rest; an amount comes off the invoice of the period, once. */
export async function thresholdContent(
  tx: Tx,
  envId: number,
  { soFar, items, usage, basis }: Unbilled & { readonly basis: Basis },
  now: Date,
): Promise<InvoiceContent> {
  const { bill, version, netDays } = soFar
  invariant(bill.usage !== null, 'what is used so far is of a period')
  const { currency } = version
  const { customer } = bill.subscription
  const coupons = (await basis.coupons([bill]))(bill, currency)
  const oneOff = {
    ...{ customer, currency, items, creditsAt: now, periodStart: bill.usage.start, periodEnd: now },
    coupons: coupons.filter(({ coupon }) => 'percent' in coupon),
    details: (await basis.customers([customer]))(customer),
  }
  const { lines, ...sums } = await rateOneOff(tx, envId, oneOff, basis)
  return {
    ...{ number: null, planId: version.planId, planVersion: version.version, currency },
    ...{ periodStart: oneOff.periodStart, periodEnd: now, ...sums, netDays, dueAt: null },
    ...{ usageBefore: usage.totals.position, lateBefore: null, finalizedAt: null },
    lines: lines.map(lineOf),
  }
}
