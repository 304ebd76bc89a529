/** Whether the server is asked at all. `closed`: yes. `open`: not before `probeAtMs`, and then by one request. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | {
      readonly state: 'open'
      readonly probeAtMs: number
      readonly waitMs: number
      readonly isProbing: boolean
    }

const FAILURES_MAX = 5
const WAIT_MS_FIRST = 1_000
const WAIT_MS_MAX = 30_000

export const CLOSED: Breaker = { state: 'closed', failures: 0 }

/**
 * Whether a request may be sent. While the breaker is open, one is let through after every wait to try the
 * server out; the next follows a wait later even if nobody heard of that one again.
 */
export function mayCall(
  breaker: Breaker,
  nowMs: number,
): { readonly isAllowed: boolean; readonly breaker: Breaker } {
  if (breaker.state === 'closed') return { isAllowed: true, breaker }
  if (nowMs < breaker.probeAtMs) return { isAllowed: false, breaker }
  return {
    isAllowed: true,
    breaker: { ...breaker, probeAtMs: nowMs + breaker.waitMs, isProbing: true },
  }
}

/** Any success is a proof that the server answers. */
export function afterSuccess(): Breaker {
  return CLOSED
}

/**
 * The fifth failure in a row opens it for a second. A failed probe doubles the wait, up to half a minute; what
 * was sent before it opened and fails only now tells nothing new.
 */
export function afterFailure(breaker: Breaker, nowMs: number): Breaker {
  if (breaker.state === 'open') {
    return breaker.isProbing ? opened(Math.min(WAIT_MS_MAX, breaker.waitMs * 2), nowMs) : breaker
  }
  const failures = breaker.failures + 1
  return failures < FAILURES_MAX ? { state: 'closed', failures } : opened(WAIT_MS_FIRST, nowMs)
}

function opened(waitMs: number, nowMs: number): Breaker {
  return { state: 'open', probeAtMs: nowMs + waitMs, waitMs, isProbing: false }
}
