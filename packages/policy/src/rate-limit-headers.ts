import type { Decision, RateLimit } from './rate-limit.ts'

/** One limit that a request was held against. `name` is what the answer calls it. */
export type AppliedLimit = {
  readonly name: string
  readonly limit: RateLimit
  readonly decision: Pick<Decision, 'isAllowed' | 'remaining' | 'resetMs' | 'retryAfterMs'>
}

export type RateLimitHeaders = {
  readonly 'RateLimit-Policy': string
  readonly RateLimit: string
  /** Of a request that is refused. */
  readonly 'Retry-After'?: string
}

/**
 * The headers of an answer, after draft 11 of the IETF. Seconds are rounded up, so that nobody comes too
 * early; a request that costs more than the limit is told to wait for a window.
 */
export function rateLimitHeaders(limits: readonly AppliedLimit[]): RateLimitHeaders {
  const refusals = limits.filter(({ decision }) => !decision.isAllowed)
  const waits = refusals.map(({ limit, decision }) => decision.retryAfterMs ?? limit.windowMs)
  return {
    'RateLimit-Policy': limits
      .map(({ name, limit }) => `${quoted(name)};q=${limit.limit};w=${seconds(limit.windowMs)}`)
      .join(', '),
    RateLimit: limits
      .map(({ name, decision: { remaining, resetMs } }) => {
        return `${quoted(name)};r=${remaining};t=${seconds(resetMs)}`
      })
      .join(', '),
    ...(waits.length === 0 ? {} : { 'Retry-After': String(Math.max(1, ...waits.map(seconds))) }),
  }
}

/** The body of a refusal, as `application/problem+json`. */
export function quotaExceeded(limits: readonly AppliedLimit[]): Readonly<Record<string, unknown>> {
  const refusals = limits.filter(({ decision }) => !decision.isAllowed)
  return {
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    title: 'Request cannot be satisfied as assigned quota has been exceeded',
    status: 429,
    'violated-policies': refusals.map(({ name }) => name),
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1_000)
}

/** A string of RFC 8941: what cannot stand in one is left out. */
function quoted(name: string): string {
  return `"${name.replace(/[^\x20-\x7e]/g, '').replace(/["\\]/g, '\\$&')}"`
}
