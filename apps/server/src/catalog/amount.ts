import { decimal, minorFromDecimal } from '@usageflow/pricing'
import { failures } from './plan-failures.ts'

const AMOUNT_MINOR_MAX = 10n ** 15n // far above any price, and far below what `bigint` holds

/** An amount in the major unit as minor units. Throws `plan.amount_impossible`: nothing is rounded in silence. */
export function amountOf(text: string, currency: string): bigint {
  const amountMinor = possible(() => minorFromDecimal(decimal(text), currency))
  if (amountMinor > AMOUNT_MINOR_MAX)
    throw failures.amountImpossible(`An amount of ${text} ${currency} is too large.`)
  return amountMinor
}

/** What packages/pricing refuses is refused with its reason. */
export function possible<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw failures.amountImpossible(error.message)
    throw error
  }
}
