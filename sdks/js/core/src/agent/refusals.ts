import { balanceUsedUp, quotaExceeded, rateLimitHeaders } from '@usageflow/policy'
import type { Refusal } from './host.ts'
import { isPassed, type Outcome } from './limiter.ts'

const PROBLEM = { 'content-type': 'application/problem+json' }

/** Somebody who is let through nowhere is not told more than that. */
export const BLOCKED: Refusal = {
  status: 403,
  headers: PROBLEM,
  body: JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403 }),
}

const NO_ANSWER: Refusal = {
  status: 503,
  headers: { ...PROBLEM, 'retry-after': '1' },
  body: JSON.stringify({ type: 'about:blank', title: 'Service Unavailable', status: 503 }),
}

/** What the host answers. `headers` go along whatever it is. */
export function answerTo(outcomes: readonly Outcome[]): {
  readonly refusal: Refusal | null
  readonly headers: Readonly<Record<string, string>>
} {
  const enforced = outcomes.filter(({ check }) => !check.isShadow)
  const told = enforced.flatMap((outcome) => outcome.told ?? [])
  const headers = told.length === 0 ? {} : { ...rateLimitHeaders(told) }
  if (isPassed(enforced)) return { refusal: null, headers }
  const unpaid = enforced.map(refusedByBalance).find((body) => body !== null)
  if (unpaid) return { refusal: problem(402, unpaid), headers: withoutWait(headers) }
  if (!enforced.some(({ is }) => is === 'refused')) return { refusal: NO_ANSWER, headers }
  return { refusal: problem(429, quotaExceeded(told)), headers }
}

/** What is said of a balance that refuses; null of all others. */
function refusedByBalance({ is, check }: Outcome): Readonly<Record<string, unknown>> | null {
  const { name, rate, identity } = check
  if (is !== 'refused' || rate.algorithm !== 'balance') return null
  return balanceUsedUp(name, rate, identity?.kind === 'customer' ? identity.id : null)
}

function problem(status: number, body: Readonly<Record<string, unknown>>): Refusal {
  return { status, headers: PROBLEM, body: JSON.stringify(body) }
}

/** Waiting for a window helps nobody who has to pay. */
function withoutWait(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Retry-After'))
}
