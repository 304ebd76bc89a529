import { expect } from 'vitest'
import {
  type AppliedLimit,
  afterFailure,
  afterSuccess,
  askForLease,
  type Body,
  type Breaker,
  balanceUsedUp,
  bucketOf,
  CLOSED,
  capture,
  compileRoutes,
  countingRoute,
  coveringRoutes,
  decide,
  type Exchange,
  formatDuration,
  HOLDS_NOTHING,
  type Holder,
  identify,
  isExempt,
  type LeaseAnswer,
  type LimitOptions,
  mayCall,
  openBody,
  parseDuration,
  parseLimit,
  parseRateLimit,
  type RateLimit,
  type RateLimitOptions,
  type RateState,
  type RequestParts,
  type Route,
  rateLimitHeaders,
  receiveLease,
  redact,
  retryDelayMs,
  type Strategy,
  spendLocally,
  takeSettlements,
} from './index.ts'
import type { Case } from './test-vectors.ts'

/** For each file of vectors: holds one of its cases against our functions. Lets errors of theirs through. */
export const CHECKS: Readonly<Record<string, (vector: Case) => void>> = {
  'balances.json': checkBalance,
  'breakers.json': checkBreaker,
  'captures.json': checkCaptures,
  'counting-routes.json': checkCounting,
  'durations.json': checkDuration,
  'identities.json': checkIdentity,
  'latencies.json': checkLatency,
  'lease-holders.json': checkHolder,
  'path-confusion.json': checkConfusion,
  'rate-limit-headers.json': checkHeaders,
  'rate-limits.json': checkRateLimit,
  'redaction.json': checkRedaction,
  'retries.json': checkRetry,
  'routes.json': checkRoutes,
}

/** A step is of the first kind that it has a field of. One of no kind would be passed over in silence. */
type Step = Readonly<Record<string, unknown>>

function checkBalance(vector: Case): void {
  if ('refused' in vector) {
    const { name, ...rest } = vector.refused as { name: string; meter: string; customer: string }
    expect(balanceUsedUp(name, rest, rest.customer), vector.name).toEqual(vector.body)
  } else expect(parseLimit(vector.limit as LimitOptions), vector.name).toEqual(vector.read)
}

function checkDuration(vector: Case): void {
  const { name, text, ms, format } = vector as Case & { text: string; ms: number; format: number }
  if (format === undefined) expect(parseDuration(text), name).toBe(ms)
  else expect(formatDuration(format), name).toBe(text)
}

function checkRoutes(vector: Case): void {
  const { name, routes, method, target, exempt } = vector as Case & {
    routes: Route[]
    method: string
    target: string
    exempt?: boolean
  }
  const table = compileRoutes(routes)
  const covered = coveringRoutes(table, method, target).map(({ route, params }) => ({
    route: routes.indexOf(route),
    params: Object.fromEntries(params),
  }))
  expect(covered, name).toEqual(vector.covered)
  if (exempt !== undefined) expect(isExempt(table, method, target), name).toBe(exempt)
}

function checkCounting(vector: Case): void {
  const { name, routes, method, target, template } = vector as Case & {
    routes: Route[]
    method: string
    target: string
    template: string
  }
  const route = countingRoute(compileRoutes(routes), method, target, template)
  expect(route === undefined ? null : routes.indexOf(route), name).toBe(vector.counting)
}

function checkConfusion(vector: Case): void {
  const { name, pattern, target } = vector as Case & { pattern: string; target: string }
  const table = compileRoutes([{ method: 'GET', url: pattern }])
  const result = {
    covered: coveringRoutes(table, 'GET', target).length > 0,
    exempt: isExempt(table, 'GET', target),
  }
  expect(result, name).toEqual({ covered: vector.covered, exempt: vector.exempt })
}

function checkIdentity(vector: Case): void {
  const { params, ...request } = vector.request as RequestParts & {
    params?: Record<string, string>
  }
  const parts = params ? { ...request, params: new Map(Object.entries(params)) } : request
  expect(identify(vector.strategy as Strategy, parts), vector.name).toEqual(vector.identity)
}

function checkRateLimit(vector: Case): void {
  const limit = parseRateLimit(vector.limit as RateLimitOptions)
  let state: RateState | null = null
  for (const [index, { atMs, cost, ...expected }] of (vector.steps as Step[]).entries()) {
    const { state: after, ...decision } = decide(limit, state, cost as number, atMs as number)
    expect(decision, `${vector.name}, step ${index}`).toEqual(expected)
    state = after
  }
}

/** Of a body, however it is cut: as it stands in the case, in one piece, and in the smallest that a test has time for. */
function checkCaptures(vector: Case): void {
  const { name, captured, exchange } = vector
  const pointers = vector.pointers as string[]
  if (exchange !== undefined) {
    const { request, ...rest } = exchange as Exchange
    const params = new Map(Object.entries(request.params))
    expect(capture(pointers, { ...rest, request: { ...request, params } }), name).toEqual(captured)
    return
  }
  const chunks = (vector.chunks as (string | { base64: string })[]).map((chunk) =>
    typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.base64, 'base64'),
  )
  const whole = Buffer.concat(chunks)
  const size = whole.length < 10_000 ? 1 : 4_093
  const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
    whole.subarray(at * size, (at + 1) * size),
  )
  for (const way of [chunks, [whole], pieces]) {
    const reader = openBody(pointers, vector.body as Body)
    for (const chunk of way) reader?.push(chunk)
    expect(reader?.end() ?? null, name).toEqual(captured)
  }
}

type FlatLimit = Omit<RateLimit, 'algorithm'> & AppliedLimit['decision'] & { name: string }

function checkHeaders(vector: Case): void {
  const limits = (vector.limits as FlatLimit[]).map(({ name, limit, windowMs, ...decision }) => ({
    name,
    limit: { algorithm: 'fixed_window' as const, limit, windowMs },
    decision,
  }))
  expect(rateLimitHeaders(limits), vector.name).toEqual(vector.headers)
}

function checkHolder(vector: Case): void {
  let holder = HOLDS_NOTHING
  for (const [index, step] of (vector.steps as Step[]).entries())
    holder = afterHolderStep(holder, step, `${vector.name}, step ${index}`)
}

function afterHolderStep(holder: Holder, step: Step, where: string): Holder {
  if ('ask' in step) return askForLease(holder, step.ask as string, step.atMs as number)
  if ('receive' in step) return receiveLease(holder, step.receive as LeaseAnswer)
  if ('spend' in step) {
    const { spend, atMs, ...expected } = step
    const { holder: after, ...decision } = spendLocally(holder, spend as number, atMs as number)
    expect(decision, where).toEqual(expected)
    return after
  }
  if (!('settleByMs' in step)) throw new Error(`${where}: unknown step`)
  const taken = takeSettlements(holder, (step.settleByMs as number | null) ?? Infinity)
  expect(taken.settlements, where).toEqual(step.settlements)
  return taken.holder
}

function checkRedaction(vector: Case): void {
  const { metadata, omitted } = redact(vector.fields, vector.allowed as string[] | null)
  expect({ metadata, omitted }, vector.name).toEqual({
    metadata: vector.metadata,
    omitted: vector.omitted,
  })
}

function checkRetry(vector: Case): void {
  const { name, random, nowMs, delayMs, ...failed } = vector as Case & {
    attempt: number
    status: number | null
    random: number
    nowMs: number
  }
  expect(retryDelayMs(failed, random, nowMs), name).toBe(delayMs)
}

function checkLatency(vector: Case): void {
  expect(bucketOf(vector.us as number), vector.name).toBe(vector.bucket)
}

function checkBreaker(vector: Case): void {
  let breaker: Breaker = CLOSED
  for (const [index, step] of (vector.steps as Step[]).entries())
    breaker = afterBreakerStep(breaker, step, `${vector.name}, step ${index}`)
}

function afterBreakerStep(breaker: Breaker, step: Step, where: string): Breaker {
  const { event, atMs } = step as { event: string; atMs: number }
  if (event === 'success') return afterSuccess()
  if (event === 'failure') return afterFailure(breaker, atMs)
  if (event !== 'call') throw new Error(`${where}: unknown step`)
  const { isAllowed, breaker: after } = mayCall(breaker, atMs)
  expect(isAllowed, where).toBe(step.isAllowed)
  return after
}
