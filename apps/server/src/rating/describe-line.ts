import { type Decimal, formatDecimal, type Line, type Share, ZERO } from '@usageflow/pricing'

/** What an invoice line says of a base price: `Pro, base price`. */
export function describeBase(planName: string, share: Share): string {
  const part = share.part < share.whole ? ' for a part of the period' : ''
  return `${planName}, base price${part}`
}

/** What an invoice line says of usage: `API Calls: 12,000 calls, 10,000 included`. */
export function describeUsage(
  meter: { readonly name: string; readonly unit: string },
  line: Pick<Line, 'quantity' | 'included'>,
): string {
  const unit = meter.unit === '' ? '' : ` ${meter.unit}`
  const included = line.included > ZERO ? `, ${grouped(line.included)} included` : ''
  return `${meter.name}: ${grouped(line.quantity)}${unit}${included}`
}

/** Whole digits in threes, as people read them. */
function grouped(value: Decimal): string {
  const [whole = '', fraction] = formatDecimal(value).split('.')
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return fraction === undefined ? text : `${text}.${fraction}`
}
