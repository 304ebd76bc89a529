import { monthOf, startOfMonthMs } from './calendar.ts'
import { parseDuration } from './duration.ts'

/**
 * How much may be used, and how it comes back. `fixed_window` begins anew at whole windows since 1970, or with each
 * month; `token_bucket` holds at most the limit and gets the limit back evenly in a window; `sliding_window` lets no
 * more than the limit through in any stretch as long as the window.
 */
export type RateLimit = {
  readonly algorithm: 'fixed_window' | 'token_bucket' | 'sliding_window'
  readonly limit: number
  /** Of months, the longest. */
  readonly windowMs: number
  /** A fixed window that is a month of the calendar. A day is a window like any other: none is longer in UTC. */
  readonly period?: 'month'
}

/** A limit as configurations write it: `{ limit: 1000, window: '1h' }`, or a quota: `{ limit: 1000, period: 'month' }`. */
export type RateLimitOptions = {
  readonly limit: number
  readonly window?: string | undefined
  /** Of the calendar, in UTC, in the place of a window. */
  readonly period?: (typeof PERIODS)[number] | undefined
  /** `fixed_window` by default. */
  readonly algorithm?: RateLimit['algorithm'] | undefined
}

/**
 * What one limit remembers of one identity. `atMs`: of the last decision, since time does not run backwards
 * here whatever clocks do. A slot is its number since 1970 and what was used in it. `spent` is a bucket's
 * emptiness, in units times milliseconds of the window, so that it is a whole number at every millisecond.
 */
export type RateState =
  | { readonly atMs: number; readonly slots: readonly (readonly [number, number])[] }
  | { readonly atMs: number; readonly spent: number }

export type Decision<S = RateState> = {
  readonly isAllowed: boolean
  /** Whole units that are left after this. */
  readonly remaining: number
  /** Until all of the limit is there again, if nothing more comes. */
  readonly resetMs: number
  /** 0 if allowed; else until this would be, if nothing else comes; `null` for more than the limit. */
  readonly retryAfterMs: number | null
  readonly state: S
}

type Slots = Extract<RateState, { slots: unknown }>
type Bucket = Extract<RateState, { spent: unknown }>

export const PERIODS = ['day', 'month'] as const
const DAY_MS = 86_400_000
const MONTH_MS_MAX = 31 * DAY_MS
const ALGORITHMS = ['fixed_window', 'token_bucket', 'sliding_window'] as const
const LIMIT_MAX = 1_000_000_000
/** What leaves a sliding window leaves it a fiftieth at a time: 51 numbers to keep, at most 2 % too late. */
const SLOTS = 50

/** Reads a limit. Throws RangeError with what to change. */
export function parseRateLimit(options: RateLimitOptions): RateLimit {
  const { limit, window, period, algorithm = 'fixed_window' } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    throw new RangeError(`limit must be a whole number from 1 to ${LIMIT_MAX}, not ${limit}`)
  if (!ALGORITHMS.includes(algorithm))
    throw new RangeError(`algorithm must be one of ${ALGORITHMS.join(', ')}, not ${algorithm}`)
  if (period !== undefined) {
    if (window !== undefined) throw new RangeError('give a window or a period, not both')
    return quotaOf(limit, period, algorithm)
  }
  if (window === undefined)
    throw new RangeError('give a window such as "1h", or the period "day" or "month"')
  const windowMs = parseDuration(window)
  if (algorithm === 'token_bucket' && limit * windowMs > Number.MAX_SAFE_INTEGER)
    throw new RangeError(`a token bucket of ${limit} in ${window} cannot be counted exactly`)
  return { algorithm, limit, windowMs }
}

function quotaOf(
  limit: number,
  period: (typeof PERIODS)[number],
  algorithm: RateLimit['algorithm'],
): RateLimit {
  if (!PERIODS.includes(period))
    throw new RangeError(`period must be one of ${PERIODS.join(', ')}, not ${period}`)
  if (algorithm !== 'fixed_window')
    throw new RangeError(`a ${algorithm} has no period: give it a window, or no algorithm`)
  if (period === 'day') return { algorithm, limit, windowMs: DAY_MS }
  return { algorithm, limit, windowMs: MONTH_MS_MAX, period }
}

/** When the fixed window ends in which an instant is, in milliseconds since 1970. */
export function windowEndMs(limit: RateLimit, atMs: number): number {
  return slotStartMs(limit, slotAt(limit, atMs) + 1)
}

/**
 * Whether `cost` more units are within the limit, and what to remember; `null` for an identity that is new.
 * What is refused costs nothing, and a cost of 0 asks how things stand. Throws RangeError for a cost that is
 * no whole number.
 */
export function decide(
  limit: RateLimit,
  state: RateState | null,
  cost: number,
  nowMs: number,
): Decision {
  assertUnits(cost)
  const before = advance(limit, state, nowMs, 0)
  return 'spent' in before ? fromBucket(limit, before, cost) : fromSlots(limit, before, cost)
}

/** The state as time has changed it. A bucket does not fill above the units that are held by leases. */
export function advance(
  limit: RateLimit,
  state: RateState | null,
  nowMs: number,
  heldUnits: number,
): RateState {
  const atMs = Math.max(nowMs, state?.atMs ?? 0)
  if (limit.algorithm === 'token_bucket') {
    const { spent, atMs: beforeMs } = state && 'spent' in state ? state : { spent: 0, atMs }
    return { atMs, spent: filled(limit, spent, atMs - beforeMs, heldUnits * limit.windowMs) }
  }
  const first = slotAt(limit, atMs) - slotsKept(limit) + 1
  const slots = state && 'slots' in state ? state.slots : []
  return { atMs, slots: slots.filter(([number]) => number >= first) }
}

/** Takes units back that were allowed in the slot or bucket as it stands, and that nobody used. */
export function giveBack(limit: RateLimit, state: RateState, units: number): RateState {
  if ('spent' in state) return { ...state, spent: state.spent - units * limit.windowMs }
  const earlier = state.slots.slice(0, -1)
  return { ...state, slots: [...earlier, ...addedTo(state.slots.at(-1), -units)] }
}

/** Stops on a number of units that nobody can have used. */
export function assertUnits(units: number): void {
  if (!Number.isSafeInteger(units) || units < 0)
    throw new RangeError(`units are whole numbers from 0, not ${units}`)
}

/** Only as many milliseconds as it takes are counted, so that a long pause does not leave the safe integers. */
function filled(limit: RateLimit, spent: number, elapsedMs: number, floor: number): number {
  const untilFloorMs = Math.ceil((spent - floor) / limit.limit)
  if (elapsedMs >= untilFloorMs) return Math.min(spent, floor)
  return spent - elapsedMs * limit.limit
}

function fromBucket(limit: RateLimit, before: Bucket, cost: number): Decision<Bucket> {
  const costly = before.spent + cost * limit.windowMs
  const missing = costly - limit.limit * limit.windowMs
  const isAllowed = missing <= 0
  const spent = isAllowed ? costly : before.spent
  return {
    isAllowed,
    remaining: Math.floor((limit.limit * limit.windowMs - spent) / limit.windowMs),
    resetMs: Math.ceil(spent / limit.limit),
    retryAfterMs: isAllowed ? 0 : cost > limit.limit ? null : Math.ceil(missing / limit.limit),
    state: { atMs: before.atMs, spent },
  }
}

function fromSlots(limit: RateLimit, before: Slots, cost: number): Decision<Slots> {
  const kept = slotsKept(limit)
  const used = before.slots.reduce((sum, [, units]) => sum + units, 0)
  const leavesInMs = (number: number) => slotStartMs(limit, number + kept) - before.atMs
  const isAllowed = used + cost <= limit.limit
  const slots = isAllowed ? withUnits(before.slots, slotAt(limit, before.atMs), cost) : before.slots
  const last = slots.at(-1)?.[0]
  const blocking = blockingSlot(before.slots, used + cost - limit.limit)
  return {
    isAllowed,
    remaining: limit.limit - used - (isAllowed ? cost : 0),
    resetMs: last === undefined ? 0 : leavesInMs(last),
    retryAfterMs: isAllowed ? 0 : blocking === undefined ? null : leavesInMs(blocking),
    state: { atMs: before.atMs, slots },
  }
}

/** The first slot with whose end at least so many units have left. */
function blockingSlot(slots: Slots['slots'], excess: number): number | undefined {
  let left = excess
  return slots.find(([, units]) => {
    left -= units
    return left <= 0
  })?.[0]
}

function withUnits(slots: Slots['slots'], current: number, units: number): Slots['slots'] {
  const last = slots.at(-1)
  if (last?.[0] === current) return [...slots.slice(0, -1), ...addedTo(last, units)]
  return [...slots, ...addedTo([current, 0], units)]
}

function addedTo(slot: readonly [number, number] | undefined, units: number): Slots['slots'] {
  if (slot === undefined || slot[1] + units === 0) return []
  return [[slot[0], slot[1] + units]]
}

/** The number of the slot in which an instant is. */
function slotAt(limit: RateLimit, atMs: number): number {
  return limit.period === 'month' ? monthOf(atMs) : Math.floor(atMs / slotLengthMs(limit))
}

function slotStartMs(limit: RateLimit, slot: number): number {
  return limit.period === 'month' ? startOfMonthMs(slot) : slot * slotLengthMs(limit)
}

function slotLengthMs({ algorithm, windowMs }: RateLimit): number {
  return algorithm === 'fixed_window' ? windowMs : windowMs / SLOTS
}

function slotsKept({ algorithm }: RateLimit): number {
  return algorithm === 'fixed_window' ? 1 : SLOTS + 1
}
