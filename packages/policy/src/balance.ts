import { parseRateLimit, type RateLimit, type RateLimitOptions } from './rate-limit.ts'

/**
 * A limit by what a customer may still use of a meter: its credits, or all it likes where a subscription pays. The server knows
 * how much that is, and lends of it.
 */
export type Balance = {
  readonly algorithm: 'balance'
  /** Its key. */
  readonly meter: string
  readonly unitsPerRequest: number
}

/** A balance as configurations write it. */
export type BalanceOptions = {
  readonly meter?: string | undefined
  /** 1 by default. */
  readonly unitsPerRequest?: number | undefined
}

const UNITS_PER_REQUEST_MAX = 1_000_000

/** Reads a balance. Throws RangeError with what to change. */
export function parseBalance({ meter, unitsPerRequest = 1 }: BalanceOptions): Balance {
  if (typeof meter !== 'string' || meter === '')
    throw new RangeError('give the meter whose units a balance counts')
  const isWhole = Number.isInteger(unitsPerRequest)
  if (!isWhole || unitsPerRequest < 1 || unitsPerRequest > UNITS_PER_REQUEST_MAX)
    throw new RangeError(
      `unitsPerRequest must be a whole number from 1 to ${UNITS_PER_REQUEST_MAX}, not ${unitsPerRequest}`,
    )
  return { algorithm: 'balance', meter, unitsPerRequest }
}

/** What a request is held against: so many in a window, or what is left of a balance. */
export type Limit = RateLimit | Balance

/** A limit of a policy, as configurations write it. */
export type LimitOptions = Partial<Omit<RateLimitOptions, 'algorithm'>> &
  BalanceOptions & { readonly algorithm?: Limit['algorithm'] | undefined }

/** Reads either. Throws RangeError with what to change, as for what this version does not know. */
export function parseLimit({ algorithm, limit = Number.NaN, ...options }: LimitOptions): Limit {
  if (algorithm === 'balance') return parseBalance(options)
  const { window, period } = options
  return parseRateLimit({ algorithm, limit, window, period })
}

/** Units of it that one request takes. */
export function costOf(limit: Limit): number {
  return limit.algorithm === 'balance' ? limit.unitsPerRequest : 1
}

/**
 * The body of a refusal by a balance, as `application/problem+json`; `customer` is null for a caller who is none. It says nothing
 * of when to come again: that is a matter of paying.
 */
export function balanceUsedUp(
  name: string,
  { meter }: Pick<Balance, 'meter'>,
  customer: string | null,
): Readonly<Record<string, unknown>> {
  const detail =
    customer === null
      ? `Only customers may use "${meter}": say who you are.`
      : `Nothing is left of "${meter}" for customer "${customer}": buy credits, choose a plan that has it, or settle what is due.`
  return {
    ...{ type: 'about:blank', title: 'Payment Required', status: 402, detail },
    'violated-policies': [name],
  }
}
