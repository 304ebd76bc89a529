import { type RecurringCharge, shareOf, WHOLE } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { earlier, later } from '../platform/instant.ts'
import { addOnsOf, type SubscriptionAddOn } from '../subscriptions/attach-add-on.ts'
import { chargedOnceAt } from '../subscriptions/attached-add-on.ts'
import type { Bill } from './bill.ts'

/**
 * What each bill charges for add-ons, in the order in which they were attached. They go with the usage of a
 * period, once it is known how long they were there; the rate of tax is the one that they name themselves.
 */
export async function billAddOns(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
): Promise<(bill: Bill) => RecurringCharge[]> {
  const withUsage = bills.filter(({ usage }) => usage !== null)
  const ids = [...new Set(withUsage.map(({ subscription }) => subscription.id))]
  const all = await addOnsOf(tx, envId, ids)
  return (bill) => (all.get(bill.subscription.id) ?? []).flatMap((each) => chargeOf(each, bill))
}

function chargeOf(
  { attached, addOn }: SubscriptionAddOn,
  { usage, subscription }: Bill,
): RecurringCharge[] {
  if (usage === null) return []
  const { quantity } = attached
  const { name, amountMinor, taxRateId: taxRate } = addOn
  if (addOn.recurring === 'once') {
    const at = chargedOnceAt(subscription.terms, attached.from)
    const isNow = at !== null && usage.start <= at && at < usage.end
    const period = { periodStart: usage.start, periodEnd: usage.end }
    return isNow ? [{ name, amountMinor, quantity, taxRate, share: WHOLE, ...period }] : []
  }
  const start = later(attached.from, usage.start)
  const end = earlier(attached.until ?? usage.end, usage.end)
  if (start >= end) return []
  const share = shareOf({ ...usage, start, end })
  return [{ name, amountMinor, quantity, taxRate, share, periodStart: start, periodEnd: end }]
}
