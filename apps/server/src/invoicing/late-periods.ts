import type { Decimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import type { Bill } from '../rating/bill.ts'
import { type BilledUsage, dimensionKey, type LatePeriod } from '../rating/late-usage.ts'
import { type BilledPeriod, billedPeriods, periodKey } from '../subscriptions/billed-periods.ts'
import { billOf, lateBillOf } from './bill-of.ts'
import { deductionsOf } from './deductions.ts'
import type { PeriodInvoiceKind } from './invoice.ts'
import {
  type BilledRow,
  type InvoicedPeriod,
  type MadeInvoice,
  selectBilled,
  selectLate,
  selectUsageBefore,
} from './late-periods.store.ts'
import { selectChargedAhead } from './paid-ahead.store.ts'

export type { MadeInvoice }

/** What is to be invoiced, under the id of its bill. */
export type Billable = {
  readonly id: string
  readonly kind: PeriodInvoiceKind
  readonly billed: BilledPeriod
}

/** The bills of some drafts, and how far late usage was looked for. */
export type DraftBills = { readonly bills: readonly Bill[]; readonly lateBefore: bigint | null }

/**
 * What drafts have to pay for. The first of a subscription also pays for what was used in periods that
 * were invoiced before, and came later: at most once, since each invoice begins to look where the one
 * before it stopped, and all that was billed of a period is taken off.
 *
 * `made`: the invoice of the one draft, which is final: what it had to pay for when it was made.
 */
export async function billsOf(
  tx: Tx,
  envId: number,
  drafts: readonly Billable[],
  made: MadeInvoice | null = null,
): Promise<DraftBills> {
  const { before, bySubscription } = await latePeriods(tx, envId, drafts, made)
  const deductedFrom = await deductionsOf(
    tx,
    envId,
    drafts.map(({ billed }) => billed),
  )
  const isSeen = new Set<string>()
  const inOrder = drafts.toSorted((a, b) => a.billed.period.no - b.billed.period.no)
  const bills = inOrder.map(({ id, kind, billed }) => {
    const { id: subscriptionId } = billed.subscription
    const isFirst = kind === 'period' && !isSeen.has(subscriptionId)
    if (isFirst) isSeen.add(subscriptionId)
    const late = isFirst ? (bySubscription.get(subscriptionId) ?? []) : []
    const deducted = kind === 'period' ? deductedFrom(billed) : []
    return { ...billOf(id, kind, billed, late), deducted }
  })
  return { bills: await withPaidAhead(tx, envId, bills, made), lateBefore: before }
}

/** What is left to bill of a subscription after its last invoice, and how far was looked for it. */
export type LateBill = { readonly bill: Bill | null; readonly lateBefore: bigint }

/**
 * The same for a subscription that has ended, and of which no draft waits: what came late and no invoice has,
 * on one of its own. Null where nothing has changed. `billed` is its last period, `at` when the invoice is made.
 */
export async function lateBill(
  tx: Tx,
  envId: number,
  { id, billed, at }: { readonly id: string; readonly billed: BilledPeriod; readonly at: Date },
  made: MadeInvoice | null = null,
): Promise<LateBill> {
  const asked = [{ id, kind: 'period', billed } as const]
  const { before, bySubscription } = await latePeriods(tx, envId, asked, made)
  const late = bySubscription.get(billed.subscription.id) ?? []
  return { bill: late.length === 0 ? null : lateBillOf(id, billed, late, at), lateBefore: before }
}

/** Bills of plans in advance with what earlier invoices charged for the period of their usage. */
async function withPaidAhead(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
  made: MadeInvoice | null,
): Promise<Bill[]> {
  const ahead = bills.filter(({ paidAhead }) => paidAhead !== null)
  const starts = ahead.flatMap(({ subscription, paidAhead }) =>
    paidAhead ? { subscriptionId: subscription.id, start: paidAhead.span.start } : [],
  )
  const charged = await selectChargedAhead(tx, envId, starts, made?.finalizedAt ?? null)
  const byId = new Map(ahead.map(({ id }, index) => [id, charged[index] ?? null]))
  return bills.map((bill) => {
    const { paidAhead } = bill
    return paidAhead
      ? { ...bill, paidAhead: { ...paidAhead, chargedMinor: byId.get(bill.id) ?? null } }
      : bill
  })
}

async function latePeriods(
  tx: Tx,
  envId: number,
  drafts: readonly Billable[],
  made: MadeInvoice | null,
) {
  const ids = drafts.flatMap(({ kind, billed }) =>
    kind === 'period' ? billed.subscription.id : [],
  )
  const { before, periods } = await selectLate(tx, envId, [...new Set(ids)], made)
  const bySubscription = new Map<string, LatePeriod[]>()
  for (const { subscriptionId, late } of await withBilled(tx, envId, periods, made)) {
    const known = bySubscription.get(subscriptionId)
    if (known) known.push(late)
    else bySubscription.set(subscriptionId, [late])
  }
  return { before, bySubscription }
}

async function withBilled(
  tx: Tx,
  envId: number,
  periods: readonly InvoicedPeriod[],
  made: MadeInvoice | null,
) {
  if (periods.length === 0) return []
  const billed = await selectBilled(tx, envId, periods, made)
  const ids = periods.map(({ invoiceId }) => invoiceId)
  const usageBefore = await selectUsageBefore(tx, envId, ids)
  const found = await billedPeriods(tx, envId, periods)
  return periods.flatMap((each) => {
    const period = found.get(periodKey(each))
    if (!period) return []
    const { subscriptionId, periodNo: no, invoiceId } = each
    const rows = billed.filter((row) => row.invoiceId === invoiceId)
    const late: LatePeriod = {
      ...{ no, subscription: period.subscription, period: period.period },
      ...{ billed: byMeter(rows), usageBefore: usageBefore.get(invoiceId) ?? 0n },
    }
    return [{ subscriptionId, late }]
  })
}

function byMeter(rows: readonly BilledRow[]): Map<string, BilledUsage> {
  const meters = new Map<string, BilledUsage & { readonly credited: Map<string, Decimal> }>()
  for (const { meterId, dimension, amountMinor, credited, usageBefore } of rows) {
    const known = meters.get(meterId)
    const paid = known?.credited ?? new Map<string, Decimal>()
    const key = dimensionKey(dimension)
    paid.set(key, ((paid.get(key) ?? 0n) + credited) as Decimal)
    meters.set(meterId, {
      amountMinor: (known?.amountMinor ?? 0n) + amountMinor,
      usageBefore: known && known.usageBefore > usageBefore ? known.usageBefore : usageBefore,
      credited: paid,
    })
  }
  return meters
}
