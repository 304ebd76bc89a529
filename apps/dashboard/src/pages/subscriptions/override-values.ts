import type { PlanVersion, Price, Subscription } from '../../api/records.ts'
import type { PriceOffer } from '../plans/PricesFields.tsx'
import { type PriceValues, priceBody, valuesOfPrice } from '../plans/price-values.ts'

type Overrides = NonNullable<Subscription['overrides']>

/** What holds for one subscription in place of what its plan says; empty: what the plan says. */
export type OverrideValues = { basePrice: string; minimum: string; prices: PriceValues[] }

export const NO_OVERRIDES: OverrideValues = { basePrice: '', minimum: '', prices: [] }

/** As the API takes it: all that is to hold, `{}` and nothing more for what the plan says. */
export function overridesBody(values: OverrideValues) {
  const [basePrice, minimum] = [values.basePrice.trim(), values.minimum.trim()]
  return {
    ...(basePrice ? { basePrice } : {}),
    ...(minimum ? { minimum } : {}),
    ...(values.prices.length === 0 ? {} : { prices: values.prices.map(priceBody) }),
  }
}

/** As it can be typed over; `version` knows the names of the meters. */
export function overrideValues(
  overrides: Overrides | null,
  version: PlanVersion | undefined,
): OverrideValues {
  if (overrides === null) return NO_OVERRIDES
  const keyOf = (id: string) => version?.prices.find(({ meterId }) => meterId === id)?.meter ?? id
  return {
    basePrice: overrides.basePrice ?? '',
    minimum: overrides.minimum ?? '',
    prices: overrides.prices.map((price) =>
      valuesOfPrice({
        ...{ ...price, meter: keyOf(price.meter), meterId: price.meter, taxRate: null },
      } as Price),
    ),
  }
}

/** A subscription can have other prices for the meters of its plan, each beginning with what that says. */
export function overrideOffers(version: PlanVersion | undefined): PriceOffer[] {
  return (version?.prices ?? []).map((price) => ({
    name: price.meter,
    price: { ...valuesOfPrice(price), taxRate: null }, // that of the plan holds
  }))
}

/** Which of its prices are its own. */
export function overrideWords({ basePrice, minimum, prices }: Overrides): string {
  const [one] = prices
  return [
    ...(basePrice === undefined ? [] : ['base price']),
    ...(minimum === undefined ? [] : ['minimum']),
    ...(one === undefined ? [] : [prices.length === 1 ? 'price of usage' : 'prices of usage']),
  ].join(', ')
}
