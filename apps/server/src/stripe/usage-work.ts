import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater, type Work } from '../platform/due/schedule.ts'

/** Due when usage of a customer is to be told to Stripe. Its ref is the customer. */
export const USAGE_KIND = 'stripe.usage'

/** Due when something has changed for all customers. Its ref says nothing. */
export const USAGE_OF_ALL_KIND = 'stripe.usage_of_all'

/** Due when something has become of invoices at Stripe. Its ref is the customer there, `cus_…`. */
export const INVOICES_AT_KIND = 'stripe.invoices_at'

/** Has the usage of all customers be told: an account was connected, or somebody wants more of it told. */
export async function tellUsageOfAll(tx: Tx, envId: number, at: Date): Promise<void> {
  await scheduleNoLater(tx, envId, [{ kind: USAGE_OF_ALL_KIND, ref: 'all', at }])
}

function usageWork(customer: string, at: Date): Work {
  return { kind: USAGE_KIND, ref: customer, at }
}

/** Has the usage of customers be told to Stripe, if any is to be: also what has waited for something that has changed. */
export async function tellUsageOf(
  tx: Tx,
  envId: number,
  customers: readonly string[],
  at: Date,
): Promise<void> {
  await scheduleNoLater(
    tx,
    envId,
    customers.map((customer) => usageWork(customer, at)),
  )
}
