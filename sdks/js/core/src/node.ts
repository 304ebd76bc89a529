/** For packages that speak for a framework of Node: what is the same in all of them. */
export {
  type Adapter,
  FrameworkAPI,
  type FrameworkOptions,
  headersOf,
  type UsageFlowRequest,
} from './node/framework-api.ts'
export type { Decision, Ending, Visit } from './node/passage.ts'
