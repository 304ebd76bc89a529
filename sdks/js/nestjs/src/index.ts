export type { UsageFlowRequest } from '@usageflow/express'
export { UsageFlowModule, type UsageFlowModuleAsyncOptions } from './usage-flow-module.ts'
export { type UsageFlowModuleOptions, UsageFlowService } from './usage-flow-service.ts'
