export { Agent, type Beginning, type Guard } from './agent/agent.ts'
export type { AgentOptions } from './agent/agent-options.ts'
export type {
  Begun,
  BodyWatcher,
  HostHeaders,
  HostRateLimit,
  HostRoute,
  Incoming,
  KnownLater,
  Outgoing,
  Refusal,
  UsageCounts,
} from './agent/host.ts'
export type { Fetch, SpoolOptions, UsageFlowOptions } from './config.ts'
export { type ErrorKind, UsageFlowError } from './errors.ts'
export type { SentEvent, UsageEvent } from './event.ts'
export type { Stats } from './ledger.ts'
export { type SendOptions, type Sent, UsageFlow } from './usage-flow.ts'
