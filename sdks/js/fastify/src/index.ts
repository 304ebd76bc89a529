export type { UsageFlowRequest } from '@usageflow/core/node'
export {
  type FastifyAdapter,
  FastifyUsageFlowAPI,
  type FastifyUsageFlowOptions,
  type UsageFlowPlugin,
} from './fastify-usage-flow-api.ts'
