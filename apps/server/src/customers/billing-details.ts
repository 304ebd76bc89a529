import type { Tx } from '../platform/db/transaction.ts'
import type { BillingDetails } from './customer.ts'
import { selectBillingDetails } from './customers.store.ts'

const NONE: BillingDetails = { taxRateId: null, isTaxExempt: false, netDays: null }

/** The details of these customers, by their names. */
export async function billingDetails(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<(customer: string) => BillingDetails> {
  const names = [...new Set(customers)]
  const found =
    names.length === 0
      ? new Map<string, BillingDetails>()
      : await selectBillingDetails(tx, envId, names)
  return (customer) => found.get(customer) ?? NONE
}
