import {
  decide,
  type LeaseAnswer,
  type LeaseSettlement,
  type Lender,
  lend,
  NO_LEASES,
  type RateLimit,
  settleLease,
} from '@usageflow/policy'

/** What is remembered of one limit for one identity. */
export type LimitState = Lender & {
  /** Of a sliding window: what was allowed of late, and when, the latest last. Asked again, it does not count again. */
  readonly allowed: readonly (readonly [id: string, atMs: number])[]
}

export type LimitAsk = { readonly id: string; readonly holder: string; readonly needed: number }

/** What a sliding window says, which cannot be lent: one decision for one ask. */
export type LimitDecision = {
  readonly id: string
  readonly isAllowed: boolean
  readonly remaining: number
  /** `null` for more than the limit. */
  readonly retryAfterMs: number | null
  readonly resetMs: number
}

export const UNUSED: LimitState = { ...NO_LEASES, allowed: [] }

/** Long enough for few calls, short enough that what is unused does not lie with who has no use for it. */
const LEASE_LIFE_MS = 5_000
/** Whoever asks under ever new names makes this row no larger. */
export const LEASES_MAX = 1_000
const FULL_ASK_AGAIN_MS = 1_000
const REMEMBERED_MS = 60_000
/** One that is forgotten too early counts twice: in doubt a limit holds. */
export const REMEMBERED_MAX = 250

/**
 * Answers one ask. The same again, under its id, gets the same again, and counts once. Where nothing is given the
 * state is the one that came in, so that nobody need write it down.
 */
export function answerAsk(
  limit: RateLimit,
  state: LimitState,
  ask: LimitAsk,
  nowMs: number,
): { readonly state: LimitState; readonly answer: LeaseAnswer | LimitDecision } {
  const fit = fitted(limit, state)
  return limit.algorithm === 'sliding_window'
    ? decided(limit, fit, ask, nowMs)
    : lent(limit, fit, ask, nowMs)
}

/** Ends a lease. One that is not known changes nothing. */
export function settle(
  limit: RateLimit,
  state: LimitState,
  settlement: LeaseSettlement,
  nowMs: number,
): LimitState {
  if (!state.leases.some(({ id }) => id === settlement.id)) return state
  return { ...state, ...settleLease(limit, fitted(limit, state), settlement, nowMs) }
}

/** From when on it says as much as no state at all. */
export function neededUntilMs(limit: RateLimit, { state, leases }: LimitState): number {
  if (state === null) return 0
  const lentUntilMs = Math.max(state.atMs, ...leases.map(({ settledByMs }) => settledByMs))
  const { resetMs } = decide(limit, state, 0, state.atMs)
  return lentUntilMs + Math.max(resetMs, REMEMBERED_MS)
}

/**
 * A bucket whose limit was lowered is empty, and not emptier: it would stay shut until the difference has
 * flowed in. What is lent of the former limit is used beyond it, and may come back.
 */
function fitted(limit: RateLimit, given: LimitState): LimitState {
  const { state, leases } = given
  if (state === null || !('spent' in state)) return given
  const heldUnits = leases.reduce((sum, { units }) => sum + units, 0)
  const spentMax = Math.max(limit.limit, heldUnits) * limit.windowMs
  return state.spent <= spentMax ? given : { ...given, state: { ...state, spent: spentMax } }
}

function lent(limit: RateLimit, given: LimitState, ask: LimitAsk, nowMs: number) {
  const { lender, answer } = lend(limit, given, { ...ask, lifeMs: LEASE_LIFE_MS }, nowMs)
  if (answer.units === 0) return { state: given, answer }
  const leases = atMost(LEASES_MAX, lender)
  if (leases !== null) return { state: { ...given, ...lender, leases }, answer }
  const wait = { retryAfterMs: FULL_ASK_AGAIN_MS, askAgainMs: FULL_ASK_AGAIN_MS }
  return { state: given, answer: { id: ask.id, units: 0, lifeMs: 0, ...wait } }
}

/**
 * The leases, of too many only those that holders may still use: of the others all that was lent counts as used.
 * Null for too many of these. They go after time was brought up to now, so that no bucket has filled for them.
 */
function atMost(count: number, { state, leases }: Lender): Lender['leases'] | null {
  if (leases.length <= count) return leases
  const open = leases.filter(({ expiresAtMs }) => expiresAtMs > (state?.atMs ?? 0))
  return open.length <= count ? open : null
}

function decided(limit: RateLimit, given: LimitState, { id, needed }: LimitAsk, nowMs: number) {
  const isRepeat = given.allowed.some(([known]) => known === id)
  const decision = decide(limit, given.state, isRepeat ? 0 : needed, nowMs)
  const { resetMs, state } = decision
  const remaining = Math.max(0, decision.remaining) // the limit may have been lowered
  if (isRepeat)
    return { state: given, answer: { id, isAllowed: true, remaining, retryAfterMs: 0, resetMs } }
  const { isAllowed, retryAfterMs } = decision
  const answer = { id, isAllowed, remaining, retryAfterMs, resetMs }
  return {
    state: isAllowed ? { ...given, state, allowed: noted(given, id, state.atMs) } : given,
    answer,
  }
}

function noted({ allowed }: LimitState, id: string, atMs: number): LimitState['allowed'] {
  const recent = allowed.filter(([, beforeMs]) => beforeMs > atMs - REMEMBERED_MS)
  return [...recent, [id, atMs] as const].slice(-REMEMBERED_MAX)
}
