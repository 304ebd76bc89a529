import type { TaxRate as InvoiceTaxRate } from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { TaxRate } from '../catalog/tax-rate.ts'
import type { BillingDetails } from '../customers/customer.ts'

/**
 * Which rate taxes a line: none where the customer is exempt; else that of the customer, which says where it
 * is taxed; else the one that the price names, else that of the plan.
 */
export function taxRateOf(
  own: string | null,
  version: Pick<NamedVersion, 'taxRateId'>,
  customer: Pick<BillingDetails, 'taxRateId' | 'isTaxExempt'>,
): string | null {
  return customer.isTaxExempt ? null : (customer.taxRateId ?? own ?? version.taxRateId)
}

/** Every rate that somebody may name, in a fixed order. */
export function taxTerms(rates: ReadonlyMap<string, TaxRate>): InvoiceTaxRate[] {
  return [...rates.values()]
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ id, percent, isInclusive }) => ({ id, percent, isInclusive }))
}
