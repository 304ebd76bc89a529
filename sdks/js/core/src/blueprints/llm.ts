import { type EventDetails, isKey, type UsageEvent } from '../event.ts'
import { LlmStreamReader } from './llm-stream.ts'
import { type LlmUsage, llmUsage } from './llm-usage.ts'
import { passThrough } from './pass-through.ts'
import { eventOf, nameOf, type Tracker, trackMade, unreadable } from './tracking.ts'

/** The event of a call: all its tokens as the amount, each kind in the metadata, once by the id of the answer. */
export function llmEvent(details: EventDetails, usage: LlmUsage): UsageEvent {
  const { inputTokens, cacheReadTokens, cacheCreationTokens, outputTokens, reasoningTokens } = usage
  return eventOf(details, {
    amount: String(usage.totalTokens),
    metadata: {
      ...(usage.model === null ? {} : { model: usage.model }),
      ...{ inputTokens, cacheReadTokens, cacheCreationTokens, outputTokens, reasoningTokens },
      ...(usage.isComplete ? {} : { isComplete: false }),
    },
    idempotencyKey: keyOf(nameOf(details), usage),
  })
}

/** Servers that number their answers from a few begin again: the second in which it was made tells them apart. */
function keyOf(name: string, { responseId, createdAt }: LlmUsage): string | undefined {
  if (responseId === null) return undefined
  const key = [name, responseId, ...(createdAt === null ? [] : [createdAt])].join(':')
  return isKey(key) ? key : undefined
}

/**
 * Tracks the usage of a whole answer, and returns it. Never throws: an answer without usage counts as refused,
 * is told to `onError`, and returns null.
 */
export function trackLlm(client: Tracker, details: EventDetails, answer: unknown): LlmUsage | null {
  let usage: LlmUsage | null = null
  trackMade(client, () => {
    usage = llmUsage(answer)
    return llmEvent(details, usage)
  })
  return usage
}

/**
 * Passes an answer on as it comes, events of a client or bytes of server-sent events, and tracks its usage when
 * it ends: also when it fails or is left early, then what was told until there.
 */
export function trackLlmStream<T>(
  client: Tracker,
  details: EventDetails,
  stream: AsyncIterable<T>,
): AsyncIterableIterator<T> {
  const meter = new LlmMeter(client, details)
  return passThrough(stream, { see: (piece) => meter.push(piece), end: () => meter.end() })
}

/** Tracks the usage of one answer that is given to it in pieces. Never throws. */
export class LlmMeter {
  readonly #client: Tracker
  readonly #details: EventDetails
  readonly #reader = new LlmStreamReader()
  #failure: unknown = null
  #hasEnded = false

  constructor(client: Tracker, details: EventDetails) {
    this.#client = client
    this.#details = details
  }

  /** An event, or bytes or text of server-sent events, cut anywhere. */
  push(chunk: unknown): void {
    try {
      this.#reader.push(chunk)
    } catch (error) {
      this.#failure ??= unreadable(error)
    }
  }

  /** Tracks what was told until now; once. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    trackMade(this.#client, () => {
      if (this.#failure !== null) throw this.#failure
      return llmEvent(this.#details, this.#reader.usage())
    })
  }
}
