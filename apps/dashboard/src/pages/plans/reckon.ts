import {
  beyondIncluded,
  composeInvoice,
  type Decimal,
  type DimensionValue,
  decimal,
  type MeteredPrice,
  minorFromDecimal,
  multiply,
  parsePrice,
  partsOf,
  type SimplePrice,
  sum,
  WHOLE,
  ZERO,
} from '@usageflow/pricing'
import { formatMajor } from '../../ui/format.ts'
import type { Reckoned } from './plan-values.ts'
import { type Rule, valueText } from './price-values.ts'
import { isZero } from './price-words.ts'

/** One rule of the prices of a version: of all usage of a meter, of one case of it, or of the rest. */
export type Choice = {
  readonly label: string
  readonly meterId: string
  readonly values: readonly DimensionValue[] | null
  readonly rule: Rule
}

/** What can be reckoned by itself. */
export function choicesOf({ prices }: Reckoned): readonly Choice[] {
  return prices.flatMap((price): readonly Choice[] => {
    if (price.model !== 'by_dimension') {
      const { meter: label, meterId, taxRate: _, ...rule } = price
      return [{ label, meterId, values: null, rule }]
    }
    const { meter: label, meterId } = price
    const cases = price.cases.map(({ values, price: rule }) => ({
      ...{ meterId, values, rule },
      label: `${label}: ${values.map(valueText).join(', ')}`,
    }))
    const rest = { meterId, values: null, rule: price.otherwise, label: `${label}: all others` }
    return [...cases, rest]
  })
}

const UNITS_DEFAULT = '1000'
const ANY_DAY = { periodStart: new Date(0), periodEnd: new Date(1) }

/**
 * What is to be paid for one period with `quantity` units of what is chosen, in minor units, before tax: by the
 * very function that makes invoices. Throws RangeError where the price is not finished.
 */
export function reckon(version: Reckoned, choice: Choice | null, quantity: Decimal): bigint {
  const { currency, minimum, flatPrices } = version
  const minor = (amount: string) => minorFromDecimal(decimal(amount), currency)
  const { amountDueMinor } = composeInvoice({
    currency,
    minimumMinor: minimum === null ? null : minor(minimum),
    base: { ...ANY_DAY, amountMinor: BigInt(version.baseMinor), share: WHOLE },
    flats: flatPrices
      .filter(({ recurring }) => recurring === 'period')
      .map(({ name, amountMinor }) => ({
        ...{ ...ANY_DAY, name, share: WHOLE },
        amountMinor: BigInt(amountMinor),
      })),
    usage: { ...ANY_DAY, share: WHOLE, prices: usageOf(version, choice, quantity) },
    promotional: moneyCredits(version, true),
    prepaid: moneyCredits(version, false),
  })
  return amountDueMinor
}

/** Of what is not chosen, only a minimum costs something. */
function usageOf(version: Reckoned, choice: Choice | null, quantity: Decimal): MeteredPrice[] {
  const choices = choicesOf(version)
  if (new Set(choices.map(({ label }) => label)).size < choices.length)
    throw new RangeError('Two cases of a price have the same values.')
  return choices.flatMap(({ label, meterId, values, rule }) => {
    const isChosen = label === choice?.label
    if (!isChosen && rule.minimum === undefined) return []
    const price = readRule(rule)
    const used = isChosen ? quantity : ZERO
    return {
      ...{ meter: meterId, dimension: values, price, quantity: used, events: isChosen ? 1n : 0n },
      credited: least(unitCredits(version, meterId), beyondIncluded(price.included, used, WHOLE)),
    }
  })
}

/** The API names what is included by its unit. */
function readRule({ includedUnits, ...rest }: Rule): SimplePrice {
  const [part] = partsOf(parsePrice({ ...rest, included: includedUnits }))
  if (!part) throw new RangeError('the price has no part')
  return part.price
}

function unitCredits({ credits }: Reckoned, meterId: string): Decimal {
  return sum(
    credits.flatMap(({ meter, units }) =>
      meter === meterId && units !== undefined ? [decimal(units)] : [],
    ),
  )
}

function moneyCredits({ credits, currency }: Reckoned, isPromotional: boolean) {
  return credits.flatMap((credit, index) =>
    credit.amount === undefined || credit.isPromotional !== isPromotional
      ? []
      : [{ id: String(index), leftMinor: minorFromDecimal(decimal(credit.amount), currency) }],
  )
}

const least = (a: Decimal, b: Decimal): Decimal => (a < b ? a : b)

/** What a customer may find on an invoice otherwise than it is reckoned, in sentences. */
export function leftOut(version: Reckoned, choice: Choice | null): string[] {
  const { currency, flatPrices, credits } = version
  const once = flatPrices.filter(({ recurring }) => recurring === 'once')
  return [
    'Before tax and coupons.',
    ...(choicesOf(version).length > 1 ? ['As if nothing else were used.'] : []),
    ...(choice?.rule.model === 'percentage' ? ['As if all of it were one event.'] : []),
    ...once.map(({ name, amount }) => `Without ${formatMajor(amount, currency)} once: ${name}.`),
    ...(credits.length > 0 ? ['With the credits of the period itself.'] : []),
  ]
}

const FACTORS = ['0', '0.5', '1', '2', '10'] as const

/** None, half of what matters, that, twice and ten times as much. */
export function telling(choice: Choice | null): readonly Decimal[] {
  const units = decimal(choice === null ? UNITS_DEFAULT : unitsThatMatter(choice.rule))
  return FACTORS.map((factor) => multiply(units, decimal(factor)))
}

/** Where the price changes: what is included, else the first border of tiers, else the size of a package. */
function unitsThatMatter(rule: Rule): string {
  if (!isZero(rule.includedUnits)) return rule.includedUnits
  if (rule.model === 'package') return rule.packageSize
  if (rule.model === 'graduated' || rule.model === 'volume')
    return rule.tiers[0]?.upTo ?? UNITS_DEFAULT
  return UNITS_DEFAULT
}
