import { assert } from './assert.ts'
import { type Decimal, divideRounded, wholeDecimal } from './decimal.ts'
import { spread } from './spread.ts'

/** What is done with the sum of the lines, in this order. */
export type Terms = {
  /** In the order of their attachment. */
  readonly coupons?: readonly Coupon[]
  /** What a plan costs a period at least, coupons taken off, in minor units. Null: nothing. */
  readonly minimumMinor?: bigint | null
  /** What other invoices charged for the plan in this period, after coupons: it counts towards the minimum. */
  readonly metMinor?: bigint
  /** Credits of money that were given away, in the order of their use: they lower what is taxed. */
  readonly promotional?: readonly MoneyGrant[]
  /** The rates that lines name. */
  readonly taxRates?: readonly TaxRate[]
  /** Credits of money that were paid for, in the order of their use: they pay like a payment. */
  readonly prepaid?: readonly MoneyGrant[]
}

/** A discount: `percent` of what is left, or an amount of it in minor units. */
export type Coupon = { readonly id: string } & (
  | { readonly percent: Decimal }
  | { readonly amountMinor: bigint }
)

/** Money that was granted and is left. */
export type MoneyGrant = {
  readonly id: string
  readonly leftMinor: bigint
  /** Names of the meters whose usage it may pay for. Null: all lines. */
  readonly meters?: readonly string[] | null
}

/** Of an inclusive rate the tax is part of the prices; of an exclusive one it is added. */
export type TaxRate = {
  readonly id: string
  readonly percent: Decimal
  readonly isInclusive: boolean
}

/** What a line must tell. */
export type SettledLine = {
  readonly amountMinor: bigint
  readonly taxRate: string | null
  readonly countsTowardsMinimum: boolean
  readonly meter?: string
}

export type Applied = { readonly id: string; readonly amountMinor: bigint }

export type Tax = {
  readonly id: string
  readonly percent: Decimal
  readonly isInclusive: boolean
  /** What is taxed: without the tax of an exclusive rate, with that of an inclusive one. */
  readonly taxableMinor: bigint
  readonly amountMinor: bigint
}

export type Settlement<Line> = {
  /** With the true-up as the last, if there is one. */
  readonly lines: readonly (Line & LineShare)[]
  /** The sum of all lines but the true-up. */
  readonly subtotalMinor: bigint
  /** What each coupon took off; 0 where nothing was left. */
  readonly discounts: readonly Applied[]
  readonly trueUpMinor: bigint
  /** Only those that were used. */
  readonly promotional: readonly Applied[]
  readonly taxes: readonly Tax[]
  readonly taxMinor: bigint
  /** Negative only where corrections come to more than everything else: then nothing is due. */
  readonly totalMinor: bigint
  /** Only those that were used. */
  readonly prepaid: readonly Applied[]
  readonly amountDueMinor: bigint
}

/** What a line bears of the amounts of its invoice: they add up to these exactly. */
export type LineShare = {
  /** Taken off by coupons. */
  readonly discountMinor: bigint
  /** Taken off by promotional credits. */
  readonly promotionalMinor: bigint
  readonly taxMinor: bigint
}

const HUNDRED_PERCENT = 100n * wholeDecimal(1n)

/**
 * Turns lines into what is due: coupons, then the plan's minimum, then promotional credit, then tax for
 * each rate on the sum of its lines, then prepaid credit. Every step takes off at most what is left.
 */
export function settle<Line extends SettledLine>(
  charged: readonly Line[],
  terms: Terms,
  trueUpLine: (amountMinor: bigint) => Line,
): Settlement<Line> {
  assertTerms(terms, charged)
  const slips = charged.map((line) => slipOf(line))
  const subtotalMinor = sumOf(slips, ({ line }) => line.amountMinor)
  const discounts = (terms.coupons ?? []).map((coupon) => takeOff(coupon, slips))
  const trueUpMinor = missing(slips, terms)
  if (trueUpMinor > 0n) slips.push(slipOf(trueUpLine(trueUpMinor)))
  const promotional = (terms.promotional ?? []).flatMap((grant) => usePromotional(grant, slips))
  const taxes = (terms.taxRates ?? []).flatMap((rate) => taxOf(rate, slips))
  const totalMinor = sumOf(slips, grossOf)
  const prepaid = usePrepaid(terms.prepaid ?? [], slips, totalMinor)
  const paidMinor = sumOf(prepaid, ({ amountMinor }) => amountMinor)
  return {
    lines: slips.map(({ line, discountMinor, promotionalMinor, taxMinor }) => ({
      discountMinor,
      promotionalMinor,
      taxMinor,
      ...line,
    })),
    subtotalMinor,
    discounts,
    trueUpMinor,
    promotional,
    taxes,
    taxMinor: sumOf(taxes, ({ amountMinor }) => amountMinor),
    totalMinor,
    prepaid,
    amountDueMinor: totalMinor > 0n ? totalMinor - paidMinor : 0n,
  }
}

/** A term that is negative would raise what is due, a rate that is there twice would tax twice, in silence. */
function assertTerms(terms: Terms, lines: readonly SettledLine[]): void {
  const { coupons = [], promotional = [], taxRates = [], prepaid = [] } = terms
  for (const coupon of coupons)
    assert(('percent' in coupon ? coupon.percent : coupon.amountMinor) >= 0n, 'a coupon takes off')
  for (const { leftMinor } of [...promotional, ...prepaid])
    assert(leftMinor >= 0n, 'no more of a grant is used than there is')
  for (const { percent } of taxRates) assert(percent >= 0n, 'a rate of tax is not negative')
  const known = new Set(taxRates.map(({ id }) => id))
  assert(known.size === taxRates.length, 'a rate of tax is there once')
  for (const { taxRate } of lines)
    assert(taxRate === null || known.has(taxRate), 'the rate of a taxed line is known')
}

/** A line with what was taken off it and put on it so far. */
type Slip<Line> = {
  readonly line: Line
  discountMinor: bigint
  promotionalMinor: bigint
  taxMinor: bigint
  isInclusive: boolean
}

function slipOf<Line>(line: Line): Slip<Line> {
  return { line, discountMinor: 0n, promotionalMinor: 0n, taxMinor: 0n, isInclusive: false }
}

function netOf({ line, discountMinor, promotionalMinor }: Slip<SettledLine>): bigint {
  return line.amountMinor - discountMinor - promotionalMinor
}

function grossOf(slip: Slip<SettledLine>): bigint {
  return netOf(slip) + (slip.isInclusive ? 0n : slip.taxMinor)
}

function takeOff(coupon: Coupon, slips: readonly Slip<SettledLine>[]): Applied {
  const left = atLeastZero(sumOf(slips, netOf))
  const asked =
    'percent' in coupon ? divideRounded(left * coupon.percent, HUNDRED_PERCENT) : coupon.amountMinor
  const amountMinor = least(asked, left)
  if (amountMinor > 0n)
    spread(amountMinor, slips.map(netOf)).forEach((part, index) => {
      const slip = slips[index]
      if (slip) slip.discountMinor += part
    })
  return { id: coupon.id, amountMinor }
}

/** How much the lines of the plan and the period fall short of its minimum. */
function missing(
  slips: readonly Slip<SettledLine>[],
  { minimumMinor = null, metMinor = 0n }: Terms,
): bigint {
  if (minimumMinor === null) return 0n
  const counting = slips.filter(({ line }) => line.countsTowardsMinimum)
  return atLeastZero(minimumMinor - metMinor - sumOf(counting, netOf))
}

function usePromotional(grant: MoneyGrant, slips: readonly Slip<SettledLine>[]): Applied[] {
  const paid = slips.filter((slip) => paysFor(grant, slip))
  const left = least(sumOf(paid, netOf), sumOf(slips, netOf))
  const amountMinor = least(grant.leftMinor, atLeastZero(left))
  if (amountMinor === 0n) return []
  spread(amountMinor, paid.map(netOf)).forEach((part, index) => {
    const slip = paid[index]
    if (slip) slip.promotionalMinor += part
  })
  return [{ id: grant.id, amountMinor }]
}

function paysFor({ meters }: MoneyGrant, { line }: Slip<SettledLine>): boolean {
  if (!meters) return true
  return line.meter !== undefined && meters.includes(line.meter)
}

/** Rounded once for all lines of the rate; each line then bears its part. */
function taxOf(rate: TaxRate, slips: readonly Slip<SettledLine>[]): Tax[] {
  const taxed = slips.filter(({ line }) => line.taxRate === rate.id)
  if (taxed.length === 0) return []
  const taxableMinor = sumOf(taxed, netOf)
  const { percent, isInclusive } = rate
  const amountMinor = isInclusive
    ? taxableMinor - divideRounded(taxableMinor * HUNDRED_PERCENT, HUNDRED_PERCENT + percent)
    : divideRounded(taxableMinor * percent, HUNDRED_PERCENT)
  for (const slip of taxed) slip.isInclusive = isInclusive
  shareTax(amountMinor, taxed)
  return [{ id: rate.id, percent, isInclusive, taxableMinor, amountMinor }]
}

function shareTax(amountMinor: bigint, taxed: readonly Slip<SettledLine>[]): void {
  if (amountMinor === 0n) return
  // Lines that come to less than nothing bear a tax of less than nothing: the same, mirrored.
  const sign = amountMinor < 0n ? -1n : 1n
  const weights = taxed.map((slip) => sign * netOf(slip))
  spread(sign * amountMinor, weights).forEach((part, index) => {
    const slip = taxed[index]
    if (slip) slip.taxMinor = sign * part
  })
}

function usePrepaid(
  grants: readonly MoneyGrant[],
  slips: readonly Slip<SettledLine>[],
  totalMinor: bigint,
): Applied[] {
  const paidMinor = new Map<Slip<SettledLine>, bigint>()
  let dueMinor = atLeastZero(totalMinor)
  return grants.flatMap((grant) => {
    const paid = slips.filter((slip) => paysFor(grant, slip))
    const unpaid = (slip: Slip<SettledLine>): bigint => grossOf(slip) - (paidMinor.get(slip) ?? 0n)
    const left = least(atLeastZero(sumOf(paid, unpaid)), dueMinor)
    const amountMinor = least(grant.leftMinor, left)
    if (amountMinor === 0n) return []
    spread(amountMinor, paid.map(unpaid)).forEach((part, index) => {
      const slip = paid[index]
      if (slip) paidMinor.set(slip, (paidMinor.get(slip) ?? 0n) + part)
    })
    dueMinor -= amountMinor
    return [{ id: grant.id, amountMinor }]
  })
}

function sumOf<T>(all: readonly T[], amountOf: (each: T) => bigint): bigint {
  return all.reduce((so, each) => so + amountOf(each), 0n)
}

function atLeastZero(amountMinor: bigint): bigint {
  return amountMinor > 0n ? amountMinor : 0n
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
