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
  /** What the usage of a period costs at least and at most; empty: no such border. */
  minimum: string
  maximum: string
  /** No field of the form: that of the version before. */
  taxRate: string | null
}

/** What the form has no fields for. A new version has it as the one before; a new plan as the API has it. */
export type KeptTerms = Partial<
  Pick<PlanVersion, 'graceSeconds' | 'taxRate' | 'credits' | 'flatPrices'>
> & { readonly prices: readonly Price[] }

export type PlanValues = {
  name: string
  key: string
  currency: string
  cycle: (typeof CYCLES)[number]
  basePrice: string
  baseInAdvance: boolean
  /** What a period costs at least; empty: whatever its lines come to. */
  minimum: string
  trialDays: string
  netDays: string
  prices: PriceValues[]
  kept: KeptTerms
}

export const EMPTY: PlanValues = {
  name: '',
  key: '',
  currency: 'USD',
  cycle: 'month',
  basePrice: '0',
  baseInAdvance: false,
  minimum: '',
  trialDays: '0',
  netDays: '0',
  prices: [],
  kept: { prices: [] },
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
    ...{ minimum: '', maximum: '', taxRate: null },
  }
}

const or = (text: string, otherwise: string): string => text.trim() || otherwise

/** A price as the API takes it; of the last tier, what stands as its border does not count. */
function priceBody(values: PriceValues) {
  const { meter, model } = values
  const [minimum, maximum] = [values.minimum.trim(), values.maximum.trim()]
  const own = {
    meter,
    includedUnits: or(values.includedUnits, '0'),
    ...(minimum ? { minimum } : {}),
    ...(maximum ? { maximum } : {}),
    ...(values.taxRate === null ? {} : { taxRate: values.taxRate }),
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

/** A version as the API takes it. */
export function versionBody(values: PlanValues) {
  const { cycle, baseInAdvance, kept } = values
  const { prices, flatPrices, ...terms } = kept
  return {
    currency: values.currency.trim().toUpperCase(),
    basePrice: or(values.basePrice, '0'),
    ...{ cycle, baseInAdvance },
    minimum: values.minimum.trim() || null,
    trialDays: Number(or(values.trialDays, '0')),
    netDays: Number(or(values.netDays, '0')),
    prices: [...values.prices.map(priceBody), ...prices.map(({ meterId: _, ...price }) => price)],
    ...terms,
    ...(flatPrices ? { flatPrices: flatPrices.map(({ amountMinor: _, ...flat }) => flat) } : {}),
  }
}

/** What the calculator reads of a version. */
export type Reckoned = Pick<PlanVersion, 'currency' | 'baseMinor' | 'minimum' | 'prices'>

/** The draft as if it were stored, for the calculator; null while its money cannot be read. */
export function asVersion(values: PlanValues): Reckoned | null {
  const { currency, basePrice, minimum } = versionBody(values)
  if (!isCurrency(currency)) return null
  try {
    if (minimum !== null) minorFromDecimal(decimal(minimum), currency) // else it cannot be read
    const prices = values.prices.map(priceBody)
    return {
      ...{ currency, minimum },
      baseMinor: String(minorFromDecimal(decimal(basePrice), currency)),
      prices: [
        ...prices.map((price) => ({ ...price, meterId: price.meter, taxRate: null }) as Price),
        ...values.kept.prices,
      ],
    }
  } catch {
    return null
  }
}

/** What a new version begins with: the one before. */
export function valuesOf(version: PlanVersion): Omit<PlanValues, 'name' | 'key'> {
  const { currency, cycle, basePrice, baseInAdvance } = version
  const { graceSeconds, taxRate, credits, flatPrices } = version
  return {
    ...{ currency, cycle, basePrice, baseInAdvance },
    minimum: version.minimum ?? '',
    trialDays: String(version.trialDays),
    netDays: String(version.netDays),
    prices: version.prices.flatMap((price) =>
      price.model === 'by_dimension' ? [] : [{ ...emptyPrice(price.meter), ...textsOf(price) }],
    ),
    kept: {
      ...{ graceSeconds, taxRate, credits, flatPrices },
      prices: version.prices.filter(({ model }) => model === 'by_dimension'),
    },
  }
}

/** What is kept that somebody would look for in the form, in words; empty: nothing. */
export function keptWords({ prices, credits = [], flatPrices = [], taxRate }: KeptTerms): string[] {
  return [
    ...prices.map(({ meter }) => `the price of ${meter} by property`),
    ...flatPrices.map(({ name }) => `the fixed price “${name}”`),
    ...(credits.length > 0 ? ['the credits of each period'] : []),
    ...(taxRate ? ['the rate of tax'] : []),
  ]
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
