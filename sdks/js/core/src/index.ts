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
export {
  type ByteDetails,
  ByteMeter,
  type StorageTime,
  trackBytes,
  trackStorage,
  trackStorageTime,
} from './blueprints/bytes.ts'
export { LlmMeter, trackLlm, trackLlmStream } from './blueprints/llm.ts'
export { type LlmUsage, llmUsage } from './blueprints/llm-usage.ts'
export { type ByteUnit, gigabyteHours, gigabytes, type TimeUnit } from './blueprints/quantities.ts'
export type { Tracker } from './blueprints/tracking.ts'
export { type JobDetails, type TimeDetails, trackJob, trackTime } from './blueprints/work.ts'
export type { Fetch, SpoolOptions, UsageFlowOptions } from './config.ts'
export { type ErrorKind, UsageFlowError } from './errors.ts'
export type { EventDetails, SentEvent, UsageEvent } from './event.ts'
export type { Stats } from './ledger.ts'
export { type SendOptions, type Sent, UsageFlow } from './usage-flow.ts'
