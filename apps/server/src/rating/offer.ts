import { decimal, minorFromDecimal, parsePrice } from '@usageflow/pricing'
import type { NamedVersion } from '../catalog/find-plan.ts'
import type { Overrides } from '../subscriptions/term.ts'

/**
 * A version of a plan as it is sold to one subscription: what is overridden takes the place of what the
 * version says. Throws RangeError for overrides that nobody has checked.
 */
export function offered(version: NamedVersion, overrides: Overrides): NamedVersion {
  const { basePrice, minimum, prices } = overrides
  const own = isRecord(prices) ? prices : {}
  return {
    ...version,
    baseMinor: amount(basePrice, version.currency) ?? version.baseMinor,
    minimumMinor: amount(minimum, version.currency) ?? version.minimumMinor,
    prices: version.prices.map((each) => {
      const json = own[each.meter.id]
      return json === undefined ? each : { ...each, price: parsePrice(json) }
    }),
  }
}

function amount(text: unknown, currency: string): bigint | null {
  return typeof text === 'string' ? minorFromDecimal(decimal(text), currency) : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
