import { type Decimal, sum } from '@usageflow/pricing'
import type { Balance } from '../credits/balance.ts'

/** Credits that a customer buys by itself whenever fewer than `below` are free. */
export type AutoTopUp = {
  readonly id: string
  readonly customer: string
  /** Null: money of `currency`. */
  readonly meterId: string | null
  /** ISO 4217 code: of the price, and of money. */
  readonly currency: string
  /** Units, or whole minor units of money, like the amount. */
  readonly below: Decimal
  /** What is bought at once; as much as `below` at least, so that one is enough. */
  readonly amount: Decimal
  readonly priceMinor: bigint
  /** Nothing is bought earlier, since the last attempt failed; null: whenever it is needed. */
  readonly notBefore: Date | null
  readonly createdAt: Date
}

/** What is free of what such a top-up buys. Money that pays for some meters only is not counted. */
export function freeFor({ meterId, currency }: AutoTopUp, balances: readonly Balance[]): Decimal {
  const mine = balances.filter(({ asset }) =>
    asset.kind === 'units'
      ? asset.meterId === meterId
      : meterId === null && asset.currency === currency && asset.meterIds === null,
  )
  return sum(mine.map(({ available }) => available))
}
