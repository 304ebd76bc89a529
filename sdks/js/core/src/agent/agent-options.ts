import type { Fetch } from '../config.ts'
import type { UsageFlowError } from '../errors.ts'
import type { HostRateLimit } from './host.ts'

export type AgentOptions = {
  /** With the scope `control:report`. Default: the variable USAGEFLOW_API_KEY. Without one everything passes. */
  readonly apiKey?: string | undefined
  /** Like `https://usage.example.com`. Default: the variable USAGEFLOW_URL. */
  readonly baseUrl?: string | undefined
  /** What this service is called. Default: the variable USAGEFLOW_APPLICATION, else what its package is called, else `default`. */
  readonly application?: string | undefined
  /** Limits beside those of policies, by pattern: `{ '/api/users': { limit: 1000, window: '1h' } }`. */
  readonly rateLimits?: Readonly<Record<string, HostRateLimit>> | undefined
  /** Told of everything that does not go well. Default: a warning on the console, at most one a minute of each kind. */
  readonly onError?: ((error: UsageFlowError) => void) | undefined
  /** How long an answer may take; no request waits for it that long. Default 5,000. */
  readonly timeoutMs?: number | undefined
  /** Of the package that speaks for a framework, like `express/0.1.0`. */
  readonly adapter?: string | undefined
  readonly fetch?: Fetch | undefined
  /** What time it is. Default: the machine's. */
  readonly clock?: (() => Date) | undefined
}
