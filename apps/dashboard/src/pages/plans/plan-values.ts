import { decimal, isCurrency, minorFromDecimal } from '@usageflow/pricing'
import type { PlanVersion, Price } from '../../api/records.ts'
import { or, type PriceValues, priceBody, valuesOfPrice } from './price-values.ts'

export const CYCLES = ['day', 'week', 'month', 'quarter', 'year'] as const

/** What is charged whatever is used, beside the base price. */
export type FlatValues = {
  name: string
  amount: string
  recurring: 'period' | 'once'
  taxRate: string | null
}

/** What is granted anew for each period. */
export type CreditValues = {
  kind: 'units' | 'money'
  /** Id of the meter, of units. */
  meter: string | null
  /** Units or money. */
  size: string
  priority: string
  isPromotional: boolean
  /** Whether what is left goes over into the next period. */
  isKept: boolean
  /** At most so much goes over; empty: all of it. */
  cap: string
  /** How many times it goes over. */
  periods: string
}

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
  graceSeconds: string
  taxRate: string | null
  prices: PriceValues[]
  flatPrices: FlatValues[]
  credits: CreditValues[]
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
  graceSeconds: '3600',
  taxRate: null,
  prices: [],
  flatPrices: [],
  credits: [],
}

export const EMPTY_FLAT: FlatValues = { name: '', amount: '', recurring: 'period', taxRate: null }

export const EMPTY_CREDIT: CreditValues = {
  kind: 'units',
  meter: null,
  size: '',
  priority: '100',
  isPromotional: true,
  isKept: false,
  cap: '',
  periods: '1',
}

const whole = (text: string, otherwise: string): number => Number(or(text, otherwise))

/** A version as the API takes it. */
export function versionBody(values: PlanValues) {
  const { cycle, baseInAdvance, taxRate } = values
  return {
    currency: values.currency.trim().toUpperCase(),
    basePrice: or(values.basePrice, '0'),
    ...{ cycle, baseInAdvance, taxRate },
    minimum: values.minimum.trim() || null,
    trialDays: whole(values.trialDays, '0'),
    netDays: whole(values.netDays, '0'),
    graceSeconds: whole(values.graceSeconds, EMPTY.graceSeconds),
    prices: values.prices.map(priceBody),
    flatPrices: values.flatPrices.map(({ name, amount, ...flat }) => ({
      ...{ name: name.trim(), amount: amount.trim() },
      ...flat,
    })),
    credits: values.credits.map(creditBody),
  }
}

function creditBody(values: CreditValues) {
  const { kind, meter, isPromotional, isKept, cap } = values
  const size = values.size.trim()
  return {
    ...(kind === 'money' ? { amount: size } : { units: size, ...(meter ? { meter } : {}) }),
    priority: whole(values.priority, EMPTY_CREDIT.priority),
    isPromotional,
    rollover: isKept
      ? { cap: cap.trim() || null, periods: whole(values.periods, EMPTY_CREDIT.periods) }
      : null,
  }
}

/** What the calculator reads of a version. */
export type Reckoned = Pick<
  PlanVersion,
  'currency' | 'baseMinor' | 'minimum' | 'prices' | 'flatPrices' | 'credits'
>

/** The draft as if it were stored, for the calculator; null while its money cannot be read. */
export function asVersion(values: PlanValues): Reckoned | null {
  const { currency, basePrice, minimum, credits, flatPrices } = versionBody(values)
  if (!isCurrency(currency)) return null
  const minor = (amount: string) => String(minorFromDecimal(decimal(amount), currency))
  try {
    if (minimum !== null) minor(minimum) // else it cannot be read
    for (const credit of credits) decimal('units' in credit ? credit.units : credit.amount)
    return {
      ...{ currency, minimum, credits },
      baseMinor: minor(basePrice),
      flatPrices: flatPrices.map((flat) => ({ ...flat, amountMinor: minor(flat.amount) })),
      prices: values.prices.map(
        (price) => ({ taxRate: null, meterId: price.meterId, ...priceBody(price) }) as Price,
      ),
    }
  } catch {
    return null
  }
}

/** What a new version begins with: the one before. */
export function valuesOf(version: PlanVersion): Omit<PlanValues, 'name' | 'key'> {
  const { currency, cycle, basePrice, baseInAdvance, taxRate } = version
  return {
    ...{ currency, cycle, basePrice, baseInAdvance, taxRate },
    minimum: version.minimum ?? '',
    trialDays: String(version.trialDays),
    netDays: String(version.netDays),
    graceSeconds: String(version.graceSeconds),
    prices: version.prices.map(valuesOfPrice),
    flatPrices: version.flatPrices.map(({ amountMinor: _, ...flat }) => flat),
    credits: version.credits.map(creditValues),
  }
}

function creditValues(credit: PlanVersion['credits'][number]): CreditValues {
  const { meter = null, units, amount, priority, isPromotional, rollover } = credit
  return {
    kind: units === undefined ? 'money' : 'units',
    meter,
    size: units ?? amount ?? '',
    priority: String(priority),
    isPromotional,
    isKept: rollover !== null,
    cap: rollover?.cap ?? '',
    periods: String(rollover?.periods ?? EMPTY_CREDIT.periods),
  }
}

/** A key as programs write it, from a name: "Pro Plus" becomes pro_plus. */
export function planKeyFromName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
}
