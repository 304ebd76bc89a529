import type { Plan, PlanVersion, Price } from '../../api/records.ts'
import { formatMajor, formatQuantity } from '../../ui/format.ts'

/** The version on sale: the last one. */
export function latestVersion({ versions }: Plan): PlanVersion | undefined {
  return versions.reduce<PlanVersion | undefined>(
    (latest, version) => (!latest || version.version > latest.version ? version : latest),
    undefined,
  )
}

/** A price in a sentence for each of its parts. */
export function describePrice(price: Price, currency: string): string[] {
  const included = price.model === 'by_dimension' ? '0' : price.includedUnits
  const free = isZero(included) ? [] : [`${formatQuantity(included)} included`]
  return [...free, ...parts(price, currency), ...borders(price, currency)]
}

function borders(price: Price, currency: string): string[] {
  if (price.model === 'by_dimension') return []
  const { minimum, maximum } = price
  return [
    ...(minimum === undefined ? [] : [`at least ${formatMajor(minimum, currency)} a period`]),
    ...(maximum === undefined ? [] : [`at most ${formatMajor(maximum, currency)} a period`]),
  ]
}

function parts(price: Price, currency: string): string[] {
  const money = (amount: string) => formatMajor(amount, currency)
  switch (price.model) {
    case 'per_unit':
      return [`${money(price.unitPrice)} a unit`]
    case 'package':
      return [
        `${money(price.packagePrice)} for every ${formatQuantity(price.packageSize)}, begun ones count`,
      ]
    case 'percentage':
      return [`${price.percent} % of the amount, and ${money(price.fixedPerEvent)} an event`]
    case 'by_dimension':
      return [
        `by ${price.properties.join(' and ')}: ${price.cases.length} cases, and one for the rest`,
      ]
    case 'graduated':
    case 'volume':
      return price.tiers.map((tier) => describeTier(tier, money))
  }
}

type Tier = { readonly upTo: string | null; readonly unitPrice: string; readonly flatFee: string }

function describeTier(
  { upTo, unitPrice, flatFee }: Tier,
  money: (amount: string) => string,
): string {
  const border = upTo === null ? 'beyond that' : `up to ${formatQuantity(upTo)}`
  const flat = isZero(flatFee) ? '' : `, and ${money(flatFee)} at once`
  return `${border}: ${money(unitPrice)} a unit${flat}`
}

export function isZero(amount: string): boolean {
  return /^-?0*(\.0*)?$/.test(amount)
}

export const MODEL_NAMES: Readonly<Record<Price['model'], string>> = {
  per_unit: 'Per unit',
  package: 'Packages',
  graduated: 'Graduated tiers',
  volume: 'Volume tiers',
  percentage: 'Percentage',
  by_dimension: 'By property',
}
