export type { ExpressRequest, UsageFlowRequest } from './express-request.ts'
export {
  ExpressUsageFlowAPI,
  type ExpressUsageFlowOptions,
  type UsageFlowMiddleware,
} from './express-usage-flow-api.ts'
