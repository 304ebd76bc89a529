import { failures, UsageFlowError } from '../errors.ts'
import type { EventDetails, UsageEvent } from '../event.ts'
import type { UsageFlow } from '../usage-flow.ts'

/** What a blueprint needs of the client. */
export type Tracker = Pick<UsageFlow, 'track' | 'refuse'>

type Found = {
  readonly amount: string
  readonly metadata?: Readonly<Record<string, unknown>>
  /** For an event that was given none. */
  readonly idempotencyKey?: string | undefined
}

/** The event of a blueprint: what it found stands beside the metadata that was given, and goes before it. */
export function eventOf(details: EventDetails, found: Found): UsageEvent {
  const { metadata = {}, idempotencyKey = found.idempotencyKey } = details
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
    throw failures.invalid('metadata', 'must be an object')
  return {
    ...details,
    amount: found.amount,
    metadata: { ...metadata, ...found.metadata },
    idempotencyKey,
  }
}

/** What the event is called; text that is none is refused when it is tracked. */
export function nameOf({ name, metric }: EventDetails): string {
  return String(name ?? metric)
}

/** Tracks what is made, if anything; what cannot be made counts as refused and is told. Never throws. */
export function trackMade(client: Tracker, make: () => UsageEvent | null): void {
  let event: UsageEvent | null
  try {
    event = make()
  } catch (error) {
    client.refuse(unreadable(error))
    return
  }
  if (event !== null) client.track(event)
}

/** What readers throw, and whatever getters of the host's throw. */
export function unreadable(error: unknown): UsageFlowError {
  if (error instanceof UsageFlowError) return error
  return failures.invalid('event', 'must be an object that can be read')
}
