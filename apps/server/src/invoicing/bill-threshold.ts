import { lockCredits } from '../credits/settle-use.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { newId } from '../platform/id.ts'
import type { Bill, BillLine, RatedBill } from '../rating/bill.ts'
import { billCoupons } from '../rating/bill-coupons.ts'
import { checkBills } from '../rating/check-bills.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { type OneOffItem, rateOneOff } from '../rating/rate-one-off.ts'
import { type BilledPeriod, openBilledPeriod, periodKey } from '../subscriptions/billed-periods.ts'
import { lockSubscription } from '../subscriptions/change-subscription.ts'
import { billOf, lineOf } from './bill-of.ts'
import { thresholdInvoices } from './deductions.ts'
import type { InvoiceContent, ThresholdState } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { insertDrafts } from './invoice-states.store.ts'
import type { StoredInvoice } from './invoices.store.ts'
import { storeInvoices } from './store-invoices.ts'

/**
 * Invoices the usage of the period under way as soon as what is not billed of it has come to the threshold
 * of its subscription. The invoice of the period has all usage on it, and takes this off: so it does not matter
 * how often this looks. Happening twice or at the same time, the second finds nothing that is not billed.
 *
 * What may be wrong, or is not all counted yet, is left to the invoice of the period.
 */
export async function billThreshold(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  now: Date,
): Promise<void> {
  const subscription = await lockSubscription(tx, envId, subscriptionId)
  const { spendThresholdMinor, parkedReason, customer } = subscription
  if (spendThresholdMinor === null || parkedReason !== null) return
  const open = await openBilledPeriod(tx, envId, subscription)
  if (!open || now <= open.period.start || now >= open.period.end) return
  await lockCredits(tx, envId, [customer])
  const bill = usageSoFar(open)
  const { rated, usage } = await rateBills(tx, envId, [bill])
  const [soFar] = rated
  if (!soFar?.isComplete) return
  const ref = { subscriptionId, periodNo: open.period.no }
  const earlier = (await thresholdInvoices(tx, envId, [ref])).get(periodKey(ref)) ?? []
  const items = unbilled(soFar.lines, earlier)
  const sumMinor = items.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
  if (sumMinor < spendThresholdMinor) return
  if ((await checkBills(tx, envId, { rated, usage })).size > 0) return
  const content = await contentFor(
    tx,
    envId,
    { soFar, items, usageBefore: usage.totals.position },
    now,
  )
  await makeFinal(tx, envId, { ...ref, customer, content }, now)
}

/** What is used is billed, and nothing else: base price, add-ons and minimum are for the whole period. */
function usageSoFar(open: BilledPeriod): Bill {
  return { ...billOf('so far', 'period', open), base: null, isFirst: false, unusedBase: null }
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
async function contentFor(
  tx: Tx,
  envId: number,
  found: {
    readonly soFar: RatedBill
    readonly items: readonly OneOffItem[]
    readonly usageBefore: bigint
  },
  now: Date,
): Promise<InvoiceContent> {
  const { soFar, items, usageBefore } = found
  const { bill, version, netDays } = soFar
  invariant(bill.usage !== null, 'what is used so far is of a period')
  const { currency } = version
  const { customer } = bill.subscription
  const coupons = (await billCoupons(tx, envId, [bill]))(bill, currency)
  const oneOff = {
    ...{ customer, currency, items, creditsAt: now, periodStart: bill.usage.start, periodEnd: now },
    coupons: coupons.filter(({ coupon }) => 'percent' in coupon),
  }
  const details = await getCustomer(tx, envId, customer)
  const { lines, ...sums } = await rateOneOff(tx, envId, oneOff, details)
  return {
    ...{ number: null, planId: version.planId, planVersion: version.version, currency },
    ...{ periodStart: oneOff.periodStart, periodEnd: now, ...sums, netDays, dueAt: null },
    ...{ usageBefore, lateBefore: null, finalizedAt: null, lines: lines.map(lineOf) },
  }
}

async function makeFinal(
  tx: Tx,
  envId: number,
  made: Pick<ThresholdState, 'subscriptionId' | 'periodNo' | 'customer'> & {
    readonly content: InvoiceContent
  },
  now: Date,
): Promise<void> {
  const { content, ...of } = made
  const state: ThresholdState = {
    ...{ id: newId('inv'), kind: 'threshold', status: 'draft', reason: null, version: 1, ...of },
    ...{ createdAt: now, overdueAt: null, creditedMinor: 0n },
  }
  const inserted = await insertDrafts(tx, envId, [state])
  invariant(
    inserted.size === 1,
    'behind the lock of its subscription a part has a number of its own',
  )
  await tellOf(tx, envId, [{ type: 'invoice.created', state, content }], now)
  await storeInvoices(tx, envId, [{ state, content }], now)
}
