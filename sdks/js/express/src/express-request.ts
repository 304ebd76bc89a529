import type { IncomingMessage } from 'node:http'
import type { UsageFlowRequest } from '@usageflow/core/node'

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
