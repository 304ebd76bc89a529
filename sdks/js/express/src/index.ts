export type { UsageFlowRequest } from '@usageflow/core/node'
export type { ExpressRequest } from './express-request.ts'
export {
  ExpressUsageFlowAPI,
  type ExpressUsageFlowOptions,
  type UsageFlowMiddleware,
} from './express-usage-flow-api.ts'
