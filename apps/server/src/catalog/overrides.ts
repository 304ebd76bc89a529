import {
  assertPriceIn,
  decimal,
  formatMinor,
  minorFromDecimal,
  type Price,
  type PriceJson,
  parsePrice,
  priceToJson,
} from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField } from '../platform/http/fields.ts'
import { amountOf } from './amount.ts'
import type { PlanVersion } from './plan.ts'
import { failures } from './plan-failures.ts'
import { fieldsOfPrice, overridingPriceFields, overridingPriceReply } from './price-fields.ts'
import { priceFor } from './price-for-meter.ts'

const PRICES_MAX = 100

/** What is sold to one subscription alone in place of what its plan says, as it is stored. */
export type Overrides = {
  /** In the major unit of the plan's currency. */
  readonly basePrice?: string
  /** In the major unit; "0" is none. */
  readonly minimum?: string
  /** By the id of the meter. */
  readonly prices?: Readonly<Record<string, PriceJson>>
}

export const overridesField = z.strictObject({
  basePrice: decimalField.optional().meta({ description: 'In the major unit', example: '80' }),
  minimum: decimalField.optional().meta({ description: 'In the major unit; 0 is none' }),
  prices: z
    .array(overridingPriceFields)
    .max(PRICES_MAX)
    .default([])
    .meta({ description: 'Of meters that the plan has a price for, each as a whole' }),
})

export type OverrideFields = z.output<typeof overridesField>

export const overridesReply = z.object({
  basePrice: z.string().optional(),
  minimum: z.string().optional(),
  prices: z.array(overridingPriceReply),
})

/**
 * Reads what is to hold for one subscription to a version of a plan. Throws `plan.amount_impossible`,
 * `plan.price_unfit`, `plan.meter_twice` and `plan.override_unfit`.
 */
export function overridesFor(version: PlanVersion, fields: OverrideFields): Overrides {
  const { basePrice, minimum } = fields
  const amount = (text: string) => formatMinor(amountOf(text, version.currency), version.currency)
  const prices = new Map<string, PriceJson>()
  for (const price of fields.prices) {
    const own = version.prices.find(({ meter }) => [meter.id, meter.key].includes(price.meter))
    if (!own) throw failures.overrideUnfit(`the plan has no price for "${price.meter}".`)
    if (prices.has(own.meter.id)) throw failures.meterTwice(own.meter.key)
    prices.set(own.meter.id, priceToJson(priceFor(own.meter, price, version.currency)))
  }
  return {
    ...(basePrice === undefined ? {} : { basePrice: amount(basePrice) }),
    ...(minimum === undefined ? {} : { minimum: amount(minimum) }),
    ...(prices.size === 0 ? {} : { prices: Object.fromEntries(prices) }),
  }
}

/** Whether what was agreed on can hold with another version, too. Throws `plan.override_unfit`. */
export function assertOverridesFit(version: PlanVersion, overrides: Overrides): void {
  const { currency } = version
  const unpriced = Object.keys(overrides.prices ?? {}).find(
    (meterId) => !version.prices.some(({ meter }) => meter.id === meterId),
  )
  if (unpriced !== undefined)
    throw failures.overrideUnfit(`the new version has no price for the meter ${unpriced}.`)
  try {
    for (const text of [overrides.basePrice, overrides.minimum])
      if (text !== undefined) minorFromDecimal(decimal(text), currency)
    for (const json of Object.values(overrides.prices ?? {}))
      assertPriceIn(parsePrice(json), currency)
  } catch (error) {
    if (error instanceof RangeError)
      throw failures.overrideUnfit(`in ${currency}, ${error.message}`)
    throw error
  }
}

/** A version of a plan as it is sold to one subscription. */
export function withOverrides<Version extends PlanVersion>(
  version: Version,
  { basePrice, minimum, prices = {} }: Overrides,
): Version {
  const amount = (text: string) => minorFromDecimal(decimal(text), version.currency)
  return {
    ...version,
    baseMinor: basePrice === undefined ? version.baseMinor : amount(basePrice),
    minimumMinor: minimum === undefined ? version.minimumMinor : amount(minimum),
    prices: version.prices.map((each) => {
      const json = prices[each.meter.id]
      return json === undefined ? each : { ...each, price: parsePrice(json) }
    }),
  }
}

export function overridesToReply(overrides: Overrides): z.input<typeof overridesReply> {
  const { prices = {}, ...amounts } = overrides
  return {
    ...amounts,
    prices: Object.entries(prices).map(([meter, json]) => priceToReply(meter, parsePrice(json))),
  }
}

function priceToReply(meter: string, price: Price): z.input<typeof overridingPriceReply> {
  // One of the union with the field that all of it have.
  return { ...fieldsOfPrice(price), meter } as z.input<typeof overridingPriceReply>
}
