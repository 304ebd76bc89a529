import {
  advance,
  assertUnits,
  decide,
  giveBack,
  type RateLimit,
  type RateState,
  windowEndMs,
} from './rate-limit.ts'

/** What the server remembers of one limit for one identity: what is used or lent, and to whom it is lent. */
export type Lender = { readonly state: RateState | null; readonly leases: readonly Lease[] }

type Lease = {
  /** Chosen by the holder, never again for another lease: a repeated request gets the same lease. */
  readonly id: string
  readonly holder: string
  readonly units: number
  /** From here on the holder uses nothing of it. */
  readonly expiresAtMs: number
  /** Until here what was not used can be given back; after it, all of it counts as used. */
  readonly settledByMs: number
}

export type LeaseRequest = {
  readonly id: string
  /** One process. */
  readonly holder: string
  /** What the request that waits for the lease costs: fewer units are of no use. */
  readonly needed: number
  readonly lifeMs: number
}

/** `units` is 0 if nothing could be lent; then `retryAfterMs` is for the client, `askAgainMs` for the holder. */
export type LeaseAnswer = {
  readonly id: string
  readonly units: number
  /** Counted by the holder from when it *sent* its request, so that no clock makes it longer than it is here. */
  readonly lifeMs: number
  readonly retryAfterMs: number | null
  readonly askAgainMs: number
}

/** What a holder used of a lease that it will use no more. */
export type LeaseSettlement = { readonly id: string; readonly used: number }

export const NO_LEASES: Lender = { state: null, leases: [] }

/** A slice is a fortieth of the limit at most, parted among the holders: so much lies unused with who is slow. */
const SLICES = 40
/** How long after its end a lease of a bucket can still be given back. */
const SETTLING_MS = 10_000
/** While others hold leases, units may come back at any time. */
const ASK_AGAIN_MS = 1_000

/**
 * Lends a slice of what is left, or nothing. What is lent counts as used until it is settled, so leases and
 * use together never exceed the limit. Throws RangeError for a sliding window: it cannot be lent, since what
 * counts is when each unit was used.
 */
export function lend(
  limit: RateLimit,
  lender: Lender,
  request: LeaseRequest,
  nowMs: number,
): { readonly lender: Lender; readonly answer: LeaseAnswer } {
  if (limit.algorithm === 'sliding_window')
    throw new RangeError('a sliding window cannot be lent: decide each request')
  const { state, leases } = lenderAt(limit, lender, nowMs)
  const lent = leases.find(({ id }) => id === request.id)
  if (lent) return { lender: { state, leases }, answer: answerFor(lent, state.atMs) }
  const slice = sliceFor(limit, { state, leases }, request)
  const { isAllowed, retryAfterMs, state: after } = decide(limit, state, slice, state.atMs)
  if (!isAllowed) {
    const wait = retryAfterMs ?? limit.windowMs
    const askAgainMs = leases.length === 0 ? wait : Math.min(wait, ASK_AGAIN_MS)
    const answer = { id: request.id, units: 0, lifeMs: 0, retryAfterMs, askAgainMs }
    return { lender: { state, leases }, answer }
  }
  const lease = leaseFor(limit, request, slice, state.atMs)
  return {
    lender: { state: after, leases: [...leases, lease] },
    answer: answerFor(lease, state.atMs),
  }
}

/** Ends a lease: what was not used flows back. Of one that is not known, or settled before, nothing does. */
export function settleLease(
  limit: RateLimit,
  lender: Lender,
  { id, used }: LeaseSettlement,
  nowMs: number,
): Lender {
  assertUnits(used)
  const { state, leases } = lenderAt(limit, lender, nowMs)
  const lease = leases.find((each) => each.id === id)
  if (!lease) return { state, leases }
  return {
    state: giveBack(limit, state, Math.max(0, lease.units - used)),
    leases: leases.filter((each) => each !== lease),
  }
}

/**
 * As time has changed it. A bucket must not fill above what is lent: the lent units and a full bucket could
 * otherwise be used at one time. So it fills from the end of one lease to the end of the next.
 */
function lenderAt(
  limit: RateLimit,
  lender: Lender,
  nowMs: number,
): { readonly state: RateState; readonly leases: readonly Lease[] } {
  let { state, leases } = lender
  const ends = leases.map(({ settledByMs }) => settledByMs).filter((endMs) => endMs <= nowMs)
  for (const atMs of [...ends.sort((a, b) => a - b), nowMs]) {
    state = advance(limit, state, atMs, heldUnits(leases))
    leases = leases.filter(({ settledByMs }) => settledByMs > atMs)
  }
  return { state: state ?? advance(limit, null, nowMs, 0), leases }
}

function heldUnits(leases: readonly Lease[]): number {
  return leases.reduce((sum, { units }) => sum + units, 0)
}

/** Smaller with every holder and as the limit nears, so that little is held unused when it is reached. */
function sliceFor(
  limit: RateLimit,
  { state, leases }: Lender,
  { needed, holder }: LeaseRequest,
): number {
  assertUnits(needed)
  const nowMs = state?.atMs ?? 0
  const open = leases.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
  const holders = new Set([holder, ...open.map((lease) => lease.holder)]).size
  const { remaining } = decide(limit, state, 0, nowMs)
  const share = Math.floor(limit.limit / (SLICES * holders))
  return Math.max(1, needed, Math.min(share, Math.floor(remaining / (2 * holders))))
}

/** A lease of a window ends with it. */
function leaseFor(limit: RateLimit, request: LeaseRequest, units: number, nowMs: number): Lease {
  const { id, holder, lifeMs } = request
  if (limit.algorithm === 'token_bucket')
    return {
      id,
      holder,
      units,
      expiresAtMs: nowMs + lifeMs,
      settledByMs: nowMs + lifeMs + SETTLING_MS,
    }
  const endMs = windowEndMs(limit, nowMs)
  return { id, holder, units, expiresAtMs: Math.min(nowMs + lifeMs, endMs), settledByMs: endMs }
}

function answerFor({ id, units, expiresAtMs }: Lease, nowMs: number): LeaseAnswer {
  return {
    id,
    units,
    lifeMs: Math.max(0, expiresAtMs - nowMs),
    retryAfterMs: 0,
    askAgainMs: 0,
  }
}
