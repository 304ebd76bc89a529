import {
  composeInvoice,
  type Decimal,
  decimal,
  multiply,
  parsePrice,
  partsOf,
  type SimplePrice,
  WHOLE,
} from '@usageflow/pricing'
import type { Price } from '../../api/records.ts'
import { isZero } from './price-words.ts'

/** What is known of a version for reckoning: of one that is stored, or of a draft in a form. */
export type Reckonable = {
  readonly currency: string
  readonly baseMinor: bigint
  /** What a period costs at least; null: no such border. */
  readonly minimumMinor?: bigint | null
  readonly price: Price | null
}

const UNITS_DEFAULT = '1000'
const ANY_DAY = { periodStart: new Date(0), periodEnd: new Date(1) }

/**
 * What one period with `quantity` units would cost, in minor units, before tax: by the very function that
 * makes invoices. Throws RangeError where the price is not finished.
 */
export function reckon(
  { currency, baseMinor, minimumMinor = null, price }: Reckonable,
  quantity: Decimal,
): bigint {
  const { totalMinor } = composeInvoice({
    ...{ currency, minimumMinor },
    base: { ...ANY_DAY, amountMinor: baseMinor, share: WHOLE },
    usage: {
      ...ANY_DAY,
      share: WHOLE,
      prices:
        price === null ? [] : [{ meter: 'usage', quantity, events: 1n, price: simple(price) }],
    },
  })
  return totalMinor
}

/** The API names what is included by its unit, and the meter beside; of cases, the one for the rest counts. */
function simple(price: Price): SimplePrice {
  if (price.model === 'by_dimension') return readPrice(price.otherwise)
  const { meter: _meter, meterId: _id, taxRate: _rate, ...own } = price
  return readPrice(own)
}

function readPrice({ includedUnits, ...rest }: { readonly includedUnits: string }): SimplePrice {
  const [part] = partsOf(parsePrice({ ...rest, included: includedUnits }))
  if (!part) throw new RangeError('the price has no part')
  return part.price
}

const FACTORS = ['0', '0.5', '1', '2', '10'] as const

/** None, half of what matters, that, twice and ten times as much. */
export function telling(price: Price | null): readonly Decimal[] {
  const units = decimal(unitsThatMatter(price))
  return FACTORS.map((factor) => multiply(units, decimal(factor)))
}

/** Where the price changes: what is included, else the first border of tiers, else the size of a package. */
function unitsThatMatter(price: Price | null): string {
  if (price === null || price.model === 'by_dimension') return UNITS_DEFAULT
  if (!isZero(price.includedUnits)) return price.includedUnits
  if (price.model === 'package') return price.packageSize
  if (price.model === 'graduated' || price.model === 'volume')
    return price.tiers[0]?.upTo ?? UNITS_DEFAULT
  return UNITS_DEFAULT
}
