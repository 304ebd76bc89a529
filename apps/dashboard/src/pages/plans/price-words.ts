import type { Plan, PlanVersion, Price } from '../../api/records.ts'
import { formatMajor, formatQuantity } from '../../ui/format.ts'
import { type Rule, valueText } from './price-values.ts'

/** The version on sale: the last one. */
export function latestVersion({ versions }: Plan): PlanVersion | undefined {
  return versions.reduce<PlanVersion | undefined>(
    (latest, version) => (!latest || version.version > latest.version ? version : latest),
    undefined,
  )
}

/** A price in a sentence for each of its parts. */
export function describePrice(price: Price, currency: string): string[] {
  if (price.model !== 'by_dimension') return describeRule(price, currency)
  const named = (name: string, rule: Rule) =>
    describeRule(rule, currency).map((words, index) => (index === 0 ? `${name}: ${words}` : words))
  return [
    ...price.cases.flatMap(({ values, price: rule }) =>
      named(values.map(valueText).join(', '), rule),
    ),
    ...named('all others', price.otherwise),
  ]
}

function describeRule(rule: Rule, currency: string): string[] {
  const { includedUnits, minimum, maximum } = rule
  return [
    ...(isZero(includedUnits) ? [] : [`${formatQuantity(includedUnits)} included`]),
    ...parts(rule, currency),
    ...(minimum === undefined ? [] : [`at least ${formatMajor(minimum, currency)} a period`]),
    ...(maximum === undefined ? [] : [`at most ${formatMajor(maximum, currency)} a period`]),
  ]
}

function parts(price: Rule, currency: string): string[] {
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

/** What is granted for each period, and how what is left goes over. */
export function creditWords(
  { units, amount, rollover }: PlanVersion['credits'][number],
  currency: string,
): string {
  const size = units === undefined ? formatMajor(amount ?? '0', currency) : formatUnits(units)
  if (rollover === null) return size
  const { cap, periods } = rollover
  const most =
    cap === null ? 'what is left' : `up to ${units ? formatUnits(cap) : formatMajor(cap, currency)}`
  return `${size}, of which ${most} goes over ${periods === 1 ? 'once' : `${periods} times`}`
}

const formatUnits = (units: string): string => `${formatQuantity(units)} units`

export function flatWords(
  { name, amount, recurring }: PlanVersion['flatPrices'][number],
  currency: string,
): string {
  return `${name} ${formatMajor(amount, currency)}${recurring === 'once' ? ' once' : ''}`
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
