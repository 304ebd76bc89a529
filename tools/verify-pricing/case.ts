import type { DimensionValue, PriceJson } from '../../packages/pricing/src/index.ts'

/**
 * What an invoice is computed from, as JSON that both implementations read: amounts are integers of the
 * minor unit, decimals are texts, times are milliseconds from the start of the period.
 */
export type PricingCase = {
  readonly currency: string
  readonly base: ChargeCase | null
  readonly flats: readonly (ChargeCase & { readonly name: string })[]
  /** The part of the whole period that is billed, of usage. */
  readonly share: ShareCase
  /** When the period ends. */
  readonly end: number
  readonly meters: readonly MeterCase[]
  readonly items: readonly ItemCase[]
  readonly coupons: readonly CouponCase[]
  readonly minimum: number | null
  /** Of the plan's true-up. */
  readonly planTax: string | null
  readonly promotional: readonly MoneyCase[]
  readonly taxes: readonly TaxCase[]
  readonly prepaid: readonly MoneyCase[]
}

export type ShareCase = readonly [part: number, whole: number]

export type ChargeCase = {
  readonly amount: number
  readonly quantity: string
  readonly share: ShareCase
  readonly tax: string | null
}

export type MeterCase = {
  readonly name: string
  readonly price: PriceJson
  readonly events: readonly EventCase[]
  readonly grants: readonly GrantCase[]
  readonly tax: string | null
}

/** What was used, and the values of the properties that the price goes by. */
export type EventCase = readonly [at: number, values: readonly DimensionValue[], amount: string]

export type GrantCase = {
  readonly id: string
  readonly units: string
  readonly priority: number
  readonly from: number
  readonly to: number | null
  readonly promotional: boolean
  readonly grantedAt: number
}

export type ItemCase = {
  readonly name: string
  readonly amount: number
  readonly quantity: string
  readonly tax: string | null
}

export type CouponCase = { readonly id: string } & (
  | { readonly percent: string }
  | { readonly amount: number }
)

export type MoneyCase = {
  readonly id: string
  readonly left: number
  readonly meters: readonly string[] | null
}

export type TaxCase = {
  readonly id: string
  readonly percent: string
  readonly inclusive: boolean
}

/** Whether a case keeps what both implementations take for granted: events lie within the period, say. */
export function isPossible({ end, meters, share, base, flats }: PricingCase): boolean {
  const charges = base === null ? flats : [base, ...flats]
  const shares = [share, ...charges.map((charge) => charge.share)]
  return (
    end > 0 &&
    shares.every(([part, whole]) => part > 0 && part <= whole) &&
    meters.every(({ price, events }) => {
      const count = price.model === 'by_dimension' ? price.properties.length : 0
      return events.every(([at, values]) => at >= 0 && at < end && values.length === count)
    })
  )
}
