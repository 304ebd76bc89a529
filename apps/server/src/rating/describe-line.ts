import {
  type Decimal,
  type DimensionValue,
  formatDecimal,
  formatMinor,
  minorFromDecimal,
  type Share,
  type UsageLine,
  wholeDecimal,
  ZERO,
} from '@usageflow/pricing'

/** What an invoice line says of a base price: `Pro, base price`. */
export function describeBase(planName: string, share: Share, quantity = ONE): string {
  const part = share.part < share.whole ? ' for a part of the period' : ''
  const times = quantity === ONE ? '' : ` × ${grouped(quantity)}`
  return `${planName}, base price${part}${times}`
}

/** What an invoice line says of a flat price or an add-on: `Support × 3`. */
export function describeFlat(name: string, quantity: Decimal): string {
  return quantity === ONE ? name : `${name} × ${grouped(quantity)}`
}

type Described = Pick<
  UsageLine,
  'quantity' | 'included' | 'credited' | 'billable' | 'units' | 'unitPrice' | 'fixed' | 'rule'
> & { readonly dimension: readonly DimensionValue[] | null }

/**
 * What an invoice line says of usage, with how it was priced: `API Calls: 12,000 calls, 10,000 included`,
 * `Traffic: 12.5 GB, tier at 0.90 USD each`.
 */
export function describeUsage(
  meter: { readonly name: string; readonly unit: string },
  line: Described,
  currency: string,
): string {
  const name = line.dimension
    ? `${meter.name} (${line.dimension.map(valueText).join(', ')})`
    : meter.name
  if (line.rule === 'minimum') return `${name}: up to the minimum`
  if (line.rule === 'maximum') return `${name}: down to the maximum`
  const unit = meter.unit === '' ? '' : ` ${meter.unit}`
  const included = line.included > ZERO ? `, ${grouped(line.included)} included` : ''
  const credited = line.credited > ZERO ? `, ${grouped(line.credited)} by credits` : ''
  return `${name}: ${grouped(line.quantity)}${unit}${included}${credited}${ruleText(line, currency)}`
}

const ONE = wholeDecimal(1n)
const HUNDRED = 100n

function ruleText(line: Described, currency: string): string {
  const { unitPrice, fixed } = line
  const price = `${priceText(unitPrice, currency)} ${currency}`
  const plus = fixed > ZERO ? ` + ${priceText(fixed, currency)} ${currency}` : ''
  switch (line.rule) {
    case 'package':
      return `, ${grouped(line.units)} packages at ${price}`
    case 'tier':
      return `, tier at ${price}${plus}`
    case 'volume':
      return `, all at ${price}${plus}`
    case 'percentage':
      return `, ${grouped((unitPrice * HUNDRED) as Decimal)} %${plus}`
    default:
      return ''
  }
}

/** With the digits of its currency, or more where it needs them. */
function priceText(price: Decimal, currency: string): string {
  try {
    return formatMinor(minorFromDecimal(price, currency), currency)
  } catch (error) {
    if (error instanceof RangeError) return formatDecimal(price)
    throw error
  }
}

function valueText(value: DimensionValue): string {
  return value === null ? 'none' : String(value)
}

/** Whole digits in threes, as people read them. */
function grouped(value: Decimal): string {
  const [whole = '', fraction] = formatDecimal(value).split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? text : `${text}.${fraction}`
}
