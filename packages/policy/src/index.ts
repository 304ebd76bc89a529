/** Who may use what, and how an SDK behaves: pure functions without I/O, clock or chance. */

export {
  type Balance,
  type BalanceOptions,
  balanceUsedUp,
  costOf,
  type Limit,
  type LimitOptions,
  parseBalance,
  parseLimit,
} from './balance.ts'
export { afterFailure, afterSuccess, type Breaker, CLOSED, mayCall } from './breaker.ts'
export {
  type Body,
  type BodyReader,
  type Captured,
  capture,
  type Exchange,
  openBody,
} from './captures.ts'
export { DURATION_MS_MAX, formatDuration, parseDuration } from './duration.ts'
export {
  type Identity,
  type IdentitySource,
  identify,
  identityKey,
  type RequestParts,
  type Strategy,
} from './identity.ts'
export { bucketOf, LATENCY_BUCKET_MAX, middleOf, quantile } from './latency.ts'
export {
  type LeaseAnswer,
  type LeaseRequest,
  type LeaseSettlement,
  type Lender,
  lend,
  NO_LEASES,
  settleLease,
} from './lease.ts'
export {
  askForLease,
  HOLDS_NOTHING,
  type Holder,
  type LocalDecision,
  receiveLease,
  spendLocally,
  takeSettlements,
} from './lease-holder.ts'
export { networkOf } from './network.ts'
export { queryNames } from './query.ts'
export {
  type Decision,
  decide,
  PERIODS,
  parseRateLimit,
  type RateLimit,
  type RateLimitOptions,
  type RateState,
  windowEndMs,
} from './rate-limit.ts'
export {
  type AppliedLimit,
  quotaExceeded,
  type RateLimitHeaders,
  rateLimitHeaders,
} from './rate-limit-headers.ts'
export { COLLECTED_FIELDS, type Omission, type Redacted, redact } from './redact.ts'
export { type Reading, readingsOf } from './request-path.ts'
export { type FailedTry, parseRetryAfter, retryDelayMs } from './retry.ts'
export {
  compileRoutes,
  countingRoute,
  coveringRoutes,
  isExempt,
  type Route,
  type RouteMatch,
  type RouteTable,
} from './route-pattern.ts'
