import { quotaExceeded, rateLimitHeaders } from '@usageflow/policy'
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
  if (!enforced.some(({ is }) => is === 'refused')) return { refusal: NO_ANSWER, headers }
  return {
    refusal: { status: 429, headers: PROBLEM, body: JSON.stringify(quotaExceeded(told)) },
    headers,
  }
}
