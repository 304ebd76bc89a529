import { assertPriceIn, type Price, partsOf } from '@usageflow/pricing'
import { possible } from './amount.ts'
import type { PricedMeter } from './plan.ts'
import { failures } from './plan-failures.ts'
import { type PriceFields, priceFromFields } from './price-fields.ts'

/**
 * Reads the price of a meter from its fields. Throws `plan.amount_impossible` for what no price can be,
 * and `plan.price_unfit` for what this meter cannot be priced by.
 */
export function priceFor(meter: PricedMeter, fields: PriceFields, currency: string): Price {
  const price = possible(() => {
    const read = priceFromFields(fields)
    assertPriceIn(read, currency)
    return read
  })
  const reason = unfitness(meter, price)
  if (reason !== null) throw failures.priceUnfit(meter.key, reason)
  return price
}

function unfitness({ aggregation, groupBy }: PricedMeter, price: Price): string | null {
  if (price.model === 'by_dimension') {
    if (aggregation !== 'COUNT' && aggregation !== 'SUM')
      return `a price by dimension needs a meter that adds up, COUNT or SUM; this one is ${aggregation}.`
    const unknown = price.properties.find((property) => !groupBy.includes(property))
    if (unknown !== undefined)
      return `it does not group by "${unknown}"; it groups by ${groupBy.join(', ') || 'nothing'}. Make a meter that does.`
  }
  const isPercentage = partsOf(price).some((part) => part.price.model === 'percentage')
  if (isPercentage && aggregation !== 'SUM')
    return `a percentage needs a meter that sums money, SUM; this one is ${aggregation}.`
  return null
}
