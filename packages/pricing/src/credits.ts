import { assert } from './assert.ts'
import { type Decimal, ZERO } from './decimal.ts'
import type { Share } from './proration.ts'
import { beyondIncluded } from './rate.ts'

/** What decides which of several grants is used first. */
export type GrantOrder = {
  readonly id: string
  /** The least is used first. */
  readonly priority: number
  /** It can be used in `[from, to)`; null: for ever. */
  readonly from: Date
  readonly to: Date | null
  /** Given away, and so used before what was paid for. */
  readonly isPromotional: boolean
  readonly grantedAt: Date
}

/** Units of a meter that were granted and are left. */
export type UnitGrant = GrantOrder & { readonly units: Decimal }

/** Sorts grants in the order of their use: priority, expiry, promotional first, time of grant, id. */
export function compareGrants(a: GrantOrder, b: GrantOrder): number {
  return (
    a.priority - b.priority ||
    expiry(a) - expiry(b) ||
    Number(b.isPromotional) - Number(a.isPromotional) || // tidy: not money — a truth as 0 or 1
    a.grantedAt.getTime() - b.grantedAt.getTime() ||
    (a.id < b.id ? -1 : 1)
  )
}

/** The instants within a period at which a grant begins or ends: between two of them all grants stay the same. */
export function creditBorders(
  grants: readonly GrantOrder[],
  { start, end }: { readonly start: Date; readonly end: Date },
): Date[] {
  const instants = grants.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))
  const within = instants.filter((at) => at > start && at < end).map((at) => at.getTime())
  return [...new Set(within)].sort((a, b) => a - b).map((at) => new Date(at))
}

/** What a meter says from the start of the period until `until`, for each part of its price. */
export type UsageUntil = { readonly until: Date; readonly quantities: readonly Decimal[] }

export type TakenCredits = {
  /** Units that credits paid for, for each part of the price. */
  readonly credited: readonly Decimal[]
  /** What was taken from each grant, by its id, in the order of use; only grants that were used. */
  readonly byGrant: ReadonlyMap<string, Decimal>
}

/**
 * Which credits pay for the usage of a meter in a period: units beyond the included ones, in the order of
 * event time, by the grants that are valid at that time. `included` are the units of a whole period, one
 * number for each part of the price, and `usage` says what had been used at each of `creditBorders` and
 * at the end. Between two borders the parts come in their order.
 *
 * Of usage that only grows, further borders change nothing. Usage can shrink, where values are negative:
 * then what was used last is given back first, with what had paid for it, before anything new is taken.
 */
export function takeCredits(
  included: readonly Decimal[],
  share: Share,
  usage: readonly UsageUntil[],
  grants: readonly UnitGrant[],
): TakenCredits {
  const purses = grants
    .toSorted(compareGrants)
    .map((grant): Purse => ({ grant, left: atLeastZero(grant.units) }))
  assert(new Set(grants.map(({ id }) => id)).size === grants.length, 'a grant is there once')
  const parts = included.map((): Payment[] => [])
  for (const { until, quantities } of usage) {
    assert(quantities.length === parts.length, 'there is a quantity for each part of a price')
    const valid = purses.filter(({ grant }) => isValidBefore(grant, until))
    const steps = parts.map((payments, index) => {
      const beyond = beyondIncluded(included[index] ?? ZERO, quantities[index] ?? ZERO, share)
      return { payments, unpaid: beyond - unitsOf(payments) }
    })
    for (const { payments, unpaid } of steps) giveBack(payments, -unpaid)
    for (const { payments, unpaid } of steps) pay(payments, unpaid, valid)
  }
  return { credited: parts.map(creditedIn), byGrant: usedOf(purses) }
}

type Purse = { readonly grant: UnitGrant; left: bigint }

/** Units beyond the included ones in the order of their use, and the grant that paid for them; null: money did. */
type Payment = { readonly purse: Purse | null; units: bigint }

/** Valid in the stretch of time that ends at `until`: it began before it, and ends there at the earliest. */
function isValidBefore({ from, to }: UnitGrant, until: Date): boolean {
  return from < until && (to === null || to >= until)
}

function pay(payments: Payment[], unpaid: bigint, valid: readonly Purse[]): void {
  let needed = unpaid
  for (const purse of valid) {
    const units = least(needed, purse.left)
    if (units <= 0n) continue
    purse.left -= units
    payments.push({ purse, units })
    needed -= units
  }
  if (needed > 0n) payments.push({ purse: null, units: needed })
}

function giveBack(payments: Payment[], tooMuch: bigint): void {
  let rest = tooMuch
  while (rest > 0n) {
    const last = payments.at(-1)
    assert(last !== undefined, 'no more is given back than was paid for')
    const units = least(rest, last.units)
    last.units -= units
    if (last.purse) last.purse.left += units
    if (last.units === 0n) payments.pop()
    rest -= units
  }
}

function creditedIn(payments: readonly Payment[]): Decimal {
  return unitsOf(payments.filter(({ purse }) => purse !== null))
}

function unitsOf(payments: readonly Payment[]): Decimal {
  return payments.reduce((so, { units }) => so + units, 0n) as Decimal
}

function usedOf(purses: readonly Purse[]): ReadonlyMap<string, Decimal> {
  const used = purses.map(({ grant, left }) => [grant.id, (grant.units - left) as Decimal] as const)
  return new Map(used.filter(([, units]) => units > 0n))
}

function expiry({ to }: GrantOrder): number {
  return to?.getTime() ?? Number.MAX_SAFE_INTEGER // beyond every date
}

function atLeastZero(units: bigint): bigint {
  return units > 0n ? units : 0n
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
