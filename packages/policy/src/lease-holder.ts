import type { LeaseAnswer, LeaseSettlement } from './lease.ts'
import { assertUnits } from './rate-limit.ts'

/** What one process holds of one limit for one identity. Times are of its own clock, which must not jump back. */
export type Holder = {
  readonly leases: readonly HeldLease[]
  /** The request that is under way, since it was first sent. */
  readonly asked: { readonly id: string; readonly sentAtMs: number } | null
  /** Until then the server has nothing to lend. */
  readonly refusedUntilMs: number
  /** What clients are told while nothing can be lent. */
  readonly retryAtMs: number
}

type HeldLease = {
  readonly id: string
  readonly units: number
  readonly used: number
  readonly expiresAtMs: number
}

/** `ask`: only the server knows. Whoever cannot wait for it decides as the policy says, and counts that apart. */
export type LocalDecision = {
  readonly answer: 'allowed' | 'refused' | 'ask'
  /**
   * What is held runs out and nothing is under way: ask for more, in the background if this was allowed. Not with
   * the last unit of all: where slices are that small, units kept in store would be refused to others.
   */
  readonly shouldAsk: boolean
  readonly remaining: number
  readonly retryAfterMs: number
  readonly holder: Holder
}

export const HOLDS_NOTHING: Holder = { leases: [], asked: null, refusedUntilMs: 0, retryAtMs: 0 }

/** Decides with what is held, the lease that ends first before the others. Refusing costs nothing. */
export function spendLocally(holder: Holder, cost: number, nowMs: number): LocalDecision {
  assertUnits(cost)
  const live = holder.leases.filter(({ expiresAtMs }) => expiresAtMs > nowMs)
  const left = live.reduce((sum, { units, used }) => sum + units - used, 0)
  const lent = live.reduce((sum, { units }) => sum + units, 0)
  const isRefused = nowMs < holder.refusedUntilMs
  const mayAsk = !isRefused && holder.asked === null
  if (left < cost)
    return {
      answer: isRefused ? 'refused' : 'ask',
      shouldAsk: mayAsk,
      remaining: left,
      retryAfterMs: Math.max(0, holder.retryAtMs - nowMs),
      holder,
    }
  return {
    answer: 'allowed',
    shouldAsk: mayAsk && left > cost && (left - cost) * 2 < lent,
    remaining: left - cost,
    retryAfterMs: 0,
    holder: { ...holder, leases: withSpent(holder.leases, cost, nowMs) },
  }
}

/** Notes that a lease was asked for. Whoever asks again under the same id keeps the time of the first. */
export function askForLease(holder: Holder, id: string, nowMs: number): Holder {
  return holder.asked?.id === id ? holder : { ...holder, asked: { id, sentAtMs: nowMs } }
}

/**
 * Takes in the answer to the request under way. Any other changes nothing: it was taken in before, and
 * what it lent may be used up and settled; or it was given up, and what it lent counts as used.
 */
export function receiveLease(holder: Holder, answer: LeaseAnswer): Holder {
  if (holder.asked?.id !== answer.id) return holder
  const { sentAtMs } = holder.asked
  const { id, units, lifeMs, askAgainMs } = answer
  if (units === 0) {
    const retryAtMs = sentAtMs + (answer.retryAfterMs ?? askAgainMs)
    return { ...holder, asked: null, refusedUntilMs: sentAtMs + askAgainMs, retryAtMs }
  }
  const lease = { id, units, used: 0, expiresAtMs: sentAtMs + lifeMs }
  const leases = [...holder.leases, lease].sort((a, b) => a.expiresAtMs - b.expiresAtMs)
  return { ...HOLDS_NOTHING, leases }
}

/**
 * Leases to settle with the server, which the holder no longer has then: those used up and those that end
 * by `byMs`. `Infinity` is for a process that ends. Each settlement is sent until the server has it.
 */
export function takeSettlements(
  holder: Holder,
  byMs: number,
): { readonly holder: Holder; readonly settlements: readonly LeaseSettlement[] } {
  const isOver = ({ units, used, expiresAtMs }: HeldLease) => used === units || expiresAtMs <= byMs
  if (!holder.leases.some(isOver)) return { holder, settlements: [] }
  return {
    holder: { ...holder, leases: holder.leases.filter((lease) => !isOver(lease)) },
    settlements: holder.leases.filter(isOver).map(({ id, used }) => ({ id, used })),
  }
}

function withSpent(leases: readonly HeldLease[], cost: number, nowMs: number): HeldLease[] {
  let open = cost
  return leases.map((lease) => {
    const taken = lease.expiresAtMs > nowMs ? Math.min(open, lease.units - lease.used) : 0
    open -= taken
    return { ...lease, used: lease.used + taken }
  })
}
