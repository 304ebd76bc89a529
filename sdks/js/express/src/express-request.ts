import type { IncomingMessage } from 'node:http'

/** What a host puts beside a request; read when the answer is sent. */
export type UsageFlowRequest = {
  /** Goes along with what is metered. Secrets are left out. */
  metadata?: Readonly<Record<string, unknown>> | undefined
}

declare global {
  namespace Express {
    interface Request {
      usageflow?: UsageFlowRequest
    }
  }
}

/** As much of a request of Express as is used, of any version. */
export type ExpressRequest = IncomingMessage & {
  readonly originalUrl?: string
  readonly ip?: string | undefined
  readonly body?: unknown
  readonly usageflow?: UsageFlowRequest
}
