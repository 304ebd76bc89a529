import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import type { RatedBill, RatedUsage } from '../rating/bill.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { billedPeriods, periodKey } from '../subscriptions/billed-periods.ts'
import { contentOf } from './bill-of.ts'
import type { InvoiceContent } from './invoice.ts'
import { selectLastInvoiced } from './invoice-states.store.ts'
import { lateBill } from './late-periods.ts'

/** What came late of a subscription after its last invoice. */
export type AfterLastInvoice = {
  /** Of the last period that was invoiced. */
  readonly periodNo: number
  /** What the roll-up has noted up to this position was looked at. */
  readonly position: bigint
  /** Null: nothing was counted since. Without lines: it has changed no amount. */
  readonly late: {
    readonly rated: RatedBill
    readonly usage: RatedUsage
    readonly content: InvoiceContent
  } | null
}

/** What an invoice of its own would say, made at `at` under this id; null where no period was ever invoiced. */
export async function afterLastInvoice(
  tx: Tx,
  envId: number,
  { id, subscriptionId, at }: { id: string; subscriptionId: string; at: Date },
): Promise<AfterLastInvoice | null> {
  const periodNo = await selectLastInvoiced(tx, envId, subscriptionId)
  if (periodNo === null) return null
  const last = { subscriptionId, periodNo }
  const billed = (await billedPeriods(tx, envId, [last])).get(periodKey(last))
  invariant(billed !== undefined, 'an invoice refers to its period')
  const { bill, lateBefore } = await lateBill(tx, envId, { id, billed, at })
  if (bill === null) return { periodNo, position: lateBefore, late: null }
  const { rated, usage } = await rateBills(tx, envId, [bill])
  const [one] = rated
  invariant(one !== undefined, 'each bill is rated')
  const content = contentOf(one, { usageBefore: usage.totals.position, lateBefore })
  return { periodNo, position: lateBefore, late: { rated: one, usage, content } }
}
