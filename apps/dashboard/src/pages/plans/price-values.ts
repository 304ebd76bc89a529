import type { DimensionValue } from '@usageflow/pricing'
import type { Price } from '../../api/records.ts'

export const MODELS = ['per_unit', 'package', 'graduated', 'volume', 'percentage'] as const

export type TierValues = { upTo: string; unitPrice: string; flatFee: string }

/** One rule for all units, as it is typed. */
export type RuleValues = {
  model: (typeof MODELS)[number]
  includedUnits: string
  unitPrice: string
  packageSize: string
  packagePrice: string
  percent: string
  fixedPerEvent: string
  tiers: TierValues[]
  /** What the usage of a period costs at least and at most; empty: no such border. */
  minimum: string
  maximum: string
}

/** What usage costs of which the properties have these values, in the order of the properties. */
export type CaseValues = { values: string[]; rule: RuleValues }

export type PriceValues = {
  meter: string
  meterId: string
  /** By whose values there are cases; none: one rule for all usage. */
  properties: string[]
  cases: CaseValues[]
  /** For all usage, or for what is in no case. */
  rule: RuleValues
  taxRate: string | null
}

type ByProperty = Extract<Price, { model: 'by_dimension' }>
export type Rule = ByProperty['otherwise']

export const EMPTY_TIER: TierValues = { upTo: '', unitPrice: '0', flatFee: '0' }

export const EMPTY_RULE: RuleValues = {
  model: 'per_unit',
  includedUnits: '0',
  unitPrice: '',
  packageSize: '1000',
  packagePrice: '',
  percent: '',
  fixedPerEvent: '0',
  tiers: [{ ...EMPTY_TIER, upTo: '1000' }, EMPTY_TIER],
  ...{ minimum: '', maximum: '' },
}

export function emptyPrice({ key, id }: { readonly key: string; readonly id: string }) {
  const price: PriceValues = {
    ...{ meter: key, meterId: id, properties: [], cases: [], rule: EMPTY_RULE, taxRate: null },
  }
  return price
}

export const or = (text: string, otherwise: string): string => text.trim() || otherwise

/** A price as the API takes it. */
export function priceBody({ meter, properties, cases, rule, taxRate }: PriceValues) {
  const own = { meter, ...(taxRate === null ? {} : { taxRate }) }
  if (properties.length === 0) return { ...own, ...ruleBody(rule) }
  return {
    ...own,
    ...{ model: 'by_dimension' as const, properties },
    cases: cases.map((each) => ({
      values: each.values.map(readValue),
      price: ruleBody(each.rule),
    })),
    otherwise: ruleBody(rule),
  }
}

/** Of the last tier, what stands as its border does not count. */
function ruleBody(values: RuleValues) {
  const { model } = values
  const [minimum, maximum] = [values.minimum.trim(), values.maximum.trim()]
  const own = {
    includedUnits: or(values.includedUnits, '0'),
    ...(minimum ? { minimum } : {}),
    ...(maximum ? { maximum } : {}),
  }
  switch (model) {
    case 'per_unit':
      return { ...own, model, unitPrice: values.unitPrice.trim() }
    case 'package':
      return {
        ...own,
        model,
        packageSize: values.packageSize.trim(),
        packagePrice: values.packagePrice.trim(),
      }
    case 'percentage':
      return {
        ...own,
        model,
        percent: values.percent.trim(),
        fixedPerEvent: or(values.fixedPerEvent, '0'),
      }
    case 'graduated':
    case 'volume':
      return { ...own, model, tiers: values.tiers.map(tierBody) }
  }
}

function tierBody({ upTo, unitPrice, flatFee }: TierValues, index: number, all: TierValues[]) {
  return {
    upTo: index === all.length - 1 ? null : upTo.trim(),
    unitPrice: unitPrice.trim(),
    flatFee: or(flatFee, '0'),
  }
}

/** A price as it can be typed over. */
export function valuesOfPrice(price: Price): PriceValues {
  const { meter, meterId, taxRate } = price
  if (price.model !== 'by_dimension')
    return { ...{ meter, meterId, taxRate, properties: [], cases: [] }, rule: ruleValues(price) }
  return {
    ...{ meter, meterId, taxRate, properties: [...price.properties] },
    cases: price.cases.map((each) => ({
      values: each.values.map(valueText),
      rule: ruleValues(each.price),
    })),
    rule: ruleValues(price.otherwise),
  }
}

function ruleValues(rule: Rule): RuleValues {
  if (rule.model !== 'graduated' && rule.model !== 'volume') return { ...EMPTY_RULE, ...rule }
  return {
    ...EMPTY_RULE,
    ...rule,
    tiers: rule.tiers.map((tier) => ({ ...tier, upTo: tier.upTo ?? '' })),
  }
}

/** Keeps of each case what it says of the properties that stay. */
export function withProperties(price: PriceValues, properties: string[]): PriceValues {
  const values = (old: readonly string[]) =>
    properties.map((property) => old[price.properties.indexOf(property)] ?? '')
  return {
    ...price,
    properties,
    cases: price.cases.map((each) => ({ ...each, values: values(each.values) })),
  }
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i

/** How the value of events is typed that lack the property: an empty field is one that nobody has filled in. */
const NONE = 'none'

/** A value of a property as events have it: to a price, 4 and the text "4" are two. */
export function readValue(typed: string): DimensionValue {
  const text = typed.trim()
  if (text === NONE) return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (NUMBER.test(text)) return Number(text)
  return quotedText(text) ?? text
}

/** The text that `readValue` reads back to the same value. */
export function valueText(value: DimensionValue): string {
  if (typeof value !== 'string') return value === null ? NONE : String(value)
  return value !== '' && readValue(value) === value ? value : JSON.stringify(value)
}

function quotedText(text: string): string | null {
  if (!text.startsWith('"')) return null
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'string' ? read : null
  } catch {
    return null
  }
}
