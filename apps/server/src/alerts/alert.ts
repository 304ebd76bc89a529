import { type Decimal, decimal } from '@usageflow/pricing'

export const KINDS = ['usage', 'spend', 'balance'] as const
export type Kind = (typeof KINDS)[number]

/** What of a customer's usage is counted together: that of a billing period, a day or a month of UTC. */
export const SPANS = ['period', 'day', 'month'] as const
export type Span = (typeof SPANS)[number]

/** What somebody wants to be told of. */
export type Alert = {
  readonly id: string
  readonly name: string
  readonly kind: Kind
  /** Null: every customer. */
  readonly customer: string | null
  /** Null: whatever plan they are on. */
  readonly planId: string | null
  /** Of usage, and of a balance of units. */
  readonly meterId: string | null
  /** Of usage. */
  readonly span: Span | null
  /** Of spending, and of a balance of money. */
  readonly currency: string | null
  /** Units, or money in the major unit; `80%` is a part of the included units. */
  readonly thresholds: readonly string[]
  readonly createdAt: Date
}

/** How far a customer has come by one alert. */
export type Level = {
  readonly alert: Alert
  /** The subscription whose period is counted; empty: none. */
  readonly subject: string
  /** What is counted together begins then; a balance has no beginning. */
  readonly windowStart: Date
  readonly value: Decimal
  /** What 100 % are; null: there are no included units. */
  readonly included: Decimal | null
}

/** A threshold that was told, with what its alert is about now. */
export type ReachedThreshold = AlertState & Pick<Alert, 'name' | 'kind' | 'meterId' | 'currency'>

/** A threshold of an alert that was told. */
export type AlertState = {
  readonly alertId: string
  readonly customer: string
  readonly subject: string
  readonly windowStart: Date
  readonly threshold: string
  /** When it was told. */
  readonly value: Decimal
  readonly reachedAt: Date
}

export const NO_WINDOW = new Date(0)

const PERCENT = 100n

/**
 * The thresholds that a level has reached, and those that it has not. Usage and spending reach a threshold
 * from below, a balance from above; a part of no included units is never reached.
 */
export function judged({ alert, value, included }: Level): {
  readonly reached: readonly string[]
  readonly others: readonly string[]
} {
  const isReached = (threshold: string) => {
    const border = borderOf(threshold, included)
    if (border === null) return false
    return alert.kind === 'balance' ? value <= border : value >= border
  }
  return {
    reached: alert.thresholds.filter(isReached),
    others: alert.thresholds.filter((threshold) => !isReached(threshold)),
  }
}

/** Exact: a part of the included units may lie between two that can be counted, and is reached by the next. */
function borderOf(threshold: string, included: Decimal | null): bigint | null {
  if (!threshold.endsWith('%')) return decimal(threshold)
  if (included === null || included === 0n) return null
  const product = decimal(threshold.slice(0, -1)) * included
  const divisor = PERCENT * decimal('1')
  return (product + divisor - 1n) / divisor
}
