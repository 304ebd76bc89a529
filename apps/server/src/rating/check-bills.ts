import { checkAgainstEvents, type Total } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { RatedBill, RatedUsage } from './bill.ts'
import { lateBillId } from './rate-bills.ts'

const QUANTITY_LIMIT = 10n ** 38n // a decimal, scaled by 10^12, of a column numeric(38, 12)
const AMOUNT_MINOR_MAX = 2n ** 63n - 1n // what a column of the type bigint holds

/**
 * Why bills must not be sent, by their id: their usage is not what a recount of the events gives, or
 * an amount is beyond all sense. A bill that is right is not named.
 */
export async function checkBills(
  tx: Tx,
  envId: number,
  { rated, usage }: { readonly rated: readonly RatedBill[]; readonly usage: RatedUsage },
): Promise<ReadonlyMap<string, string>> {
  const wrong = new Map<string, string>()
  for (const { bill, totalMinor, lines } of rated) {
    if (totalMinor > AMOUNT_MINOR_MAX)
      wrong.set(bill.id, `a total of ${totalMinor} minor units is more than an invoice can hold`)
    const huge = lines.find(
      ({ quantity }) => quantity >= QUANTITY_LIMIT || quantity <= -QUANTITY_LIMIT,
    )
    if (huge) wrong.set(bill.id, `"${huge.description}" is more than a line can hold`)
  }
  const mismatches = await checkAgainstEvents(tx, envId, usage.asked, usage.totals)
  const chargedBy = new Map(
    rated.flatMap(({ bill: { id, late } }) => late.map(({ no }) => [lateBillId(id, no), id])),
  )
  const billOf = new Map(usage.asked.map(({ id, billId }) => [id, chargedBy.get(billId) ?? billId]))
  for (const { id, folded, counted } of mismatches)
    wrong.set(
      billOf.get(id) ?? id,
      `the roll-up says ${text(folded)}, its events say ${text(counted)} (${id})`,
    )
  return wrong
}

function text({ events, sum, uniques }: Total): string {
  return `${events} events, sum ${sum}, ${uniques} distinct values`
}
