import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import { metersWithCredits } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { UsageQuestion } from '../rating/ask-usage.ts'
import { type Basis, basisNow } from '../rating/basis.ts'
import { rateBills } from '../rating/rate-bills.ts'
import { unsettledPeriods } from '../subscriptions/billed-periods.ts'
import { billOf, contentOf } from './bill-of.ts'
import type { InvoiceState } from './invoice.ts'
import { usesOf } from './settle-credits.ts'

/**
 * What the usage of a customer that is not invoiced yet would take of each grant, by its id, if it were
 * invoiced now: units. Money pays when an invoice is made, so none of it is taken before.
 */
export async function unsettledUse(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<ReadonlyMap<string, Decimal>> {
  const meters = await metersWithCredits(tx, envId, customer)
  if (meters.size === 0) return new Map()
  const periods = await unsettledPeriods(tx, envId, customer)
  if (periods.length === 0) return new Map()
  const bills = periods.map((billed, index) => billOf(String(index), 'period', billed))
  const { rated, usage } = await rateBills(tx, envId, bills, basisOf(tx, envId, meters))
  const taken = new Map<string, Decimal>()
  for (const bill of rated) {
    const content = contentOf(bill, { usageBefore: usage.totals.position, lateBefore: null })
    const units = content.adjustments.filter(({ kind }) => kind === 'unit_credit')
    const state = { id: bill.bill.id } as InvoiceState // all that is asked of it
    for (const { grantId, amount } of usesOf({
      state,
      content: { ...content, adjustments: units },
    }))
      taken.set(grantId, sum([taken.get(grantId) ?? ZERO, amount]))
  }
  return taken
}

/** Of other meters no usage is asked, and of what is paid nothing: both is slow, and takes no units. */
function basisOf(tx: Tx, envId: number, meters: ReadonlySet<string>): Basis {
  const basis = basisNow(tx, envId)
  const isAsked = ({ meterId }: UsageQuestion) => meters.has(meterId)
  return {
    ...basis,
    async coverage(questions) {
      const slicesOf = await basis.coverage(questions.filter(isAsked))
      return (question) => (isAsked(question) ? slicesOf(question) : [])
    },
    coupons: async () => () => [],
  }
}
