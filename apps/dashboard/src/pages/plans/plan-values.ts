import { decimal, isCurrency, minorFromDecimal } from '@usageflow/pricing'
import type { PlanVersion, Price } from '../../api/records.ts'

export const CYCLES = ['day', 'week', 'month', 'quarter', 'year'] as const
export const FORM_MODELS = ['per_unit', 'package', 'graduated', 'volume', 'percentage'] as const

export type TierValues = { upTo: string; unitPrice: string; flatFee: string }

export type PriceValues = {
  meter: string
  model: (typeof FORM_MODELS)[number]
  includedUnits: string
  unitPrice: string
  packageSize: string
  packagePrice: string
  percent: string
  fixedPerEvent: string
  tiers: TierValues[]
}

export type PlanValues = {
  name: string
  key: string
  currency: string
  cycle: (typeof CYCLES)[number]
  basePrice: string
  baseInAdvance: boolean
  prices: PriceValues[]
}

export const EMPTY: PlanValues = {
  name: '',
  key: '',
  currency: 'USD',
  cycle: 'month',
  basePrice: '0',
  baseInAdvance: false,
  prices: [],
}

export const EMPTY_TIER: TierValues = { upTo: '', unitPrice: '0', flatFee: '0' }

export function emptyPrice(meter: string): PriceValues {
  return {
    meter,
    model: 'per_unit',
    includedUnits: '0',
    unitPrice: '',
    packageSize: '1000',
    packagePrice: '',
    percent: '',
    fixedPerEvent: '0',
    tiers: [{ ...EMPTY_TIER, upTo: '1000' }, EMPTY_TIER],
  }
}

const or = (text: string, otherwise: string): string => text.trim() || otherwise

/** A price as the API takes it; of the last tier, what stands as its border does not count. */
function priceBody(values: PriceValues) {
  const { meter, model } = values
  const own = { meter, includedUnits: or(values.includedUnits, '0') }
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

/** A version as the API takes it. */
export function versionBody({ currency, cycle, basePrice, baseInAdvance, prices }: PlanValues) {
  return {
    currency: currency.trim().toUpperCase(),
    cycle,
    basePrice: or(basePrice, '0'),
    baseInAdvance,
    prices: prices.map(priceBody),
  }
}

/** The draft as if it were stored, for the calculator; null while its money cannot be read. */
export function asVersion(
  values: PlanValues,
): Pick<PlanVersion, 'currency' | 'baseMinor' | 'prices'> | null {
  const { currency, basePrice, prices } = versionBody(values)
  if (!isCurrency(currency)) return null
  try {
    return {
      currency,
      baseMinor: String(minorFromDecimal(decimal(basePrice), currency)),
      prices: prices.map((price) => ({ ...price, meterId: price.meter, taxRate: null }) as Price),
    }
  } catch {
    return null
  }
}

/** What a new version begins with: the one before. */
export function valuesOf(version: PlanVersion): Omit<PlanValues, 'name' | 'key'> {
  return {
    currency: version.currency,
    cycle: version.cycle,
    basePrice: version.basePrice,
    baseInAdvance: version.baseInAdvance,
    prices: version.prices.flatMap((price) =>
      price.model === 'by_dimension' ? [] : [{ ...emptyPrice(price.meter), ...textsOf(price) }],
    ),
  }
}

function textsOf(price: Exclude<Price, { model: 'by_dimension' }>): Partial<PriceValues> {
  if (price.model !== 'graduated' && price.model !== 'volume') return price
  return { ...price, tiers: price.tiers.map((tier) => ({ ...tier, upTo: tier.upTo ?? '' })) }
}

/** A key as programs write it, from a name: "Pro Plus" becomes pro_plus. */
export function planKeyFromName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}
