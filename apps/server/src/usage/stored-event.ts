import type { EventKey } from './event-key.ts'
import { eventIdOf } from './event-key.ts'
import { instantText } from './event-time.ts'

/** What of an event may be corrected. */
export type EventContent = {
  /** A decimal without superfluous zeros. */
  readonly amount: string
  /** A JSON object as text. */
  readonly metadata: string | null
  /** Microseconds since 1970. */
  readonly occurredAtUs: number
}

/** A later fact about an event. The newest holds. */
export type Correction = { readonly reason: string | null; readonly createdAt: Date } & (
  | { readonly kind: 'void' }
  | ({ readonly kind: 'amend' } & EventContent)
)

/** An event as it was received, with everything that was said about it later. */
export type StoredEvent = EventContent & {
  readonly key: EventKey
  readonly name: string
  readonly customerId: string
  readonly sequence: string
  readonly keyText: string | null
  readonly importId: string | null
  /** Oldest first. */
  readonly corrections: readonly Correction[]
}

/** What counts of the event: its content as last amended, or null when it is void. */
export function effectiveContent(event: StoredEvent): EventContent | null {
  const newest = event.corrections.at(-1)
  if (newest === undefined) return event
  return newest.kind === 'void' ? null : newest
}

/** The time at which the event counts, or would if it were not void. */
export function effectiveAtUs(event: StoredEvent): number {
  const newest = event.corrections.at(-1)
  return newest?.kind === 'amend' ? newest.occurredAtUs : event.occurredAtUs
}

/** The event as the API shows it. */
export function eventReply(event: StoredEvent) {
  const effective = effectiveContent(event)
  return {
    eventId: eventIdOf(event.key),
    name: event.name,
    customerId: event.customerId,
    ...contentReply(event),
    sequence: Number(event.sequence),
    idempotencyKey: event.keyText,
    importId: event.importId,
    effective: effective && contentReply(effective),
    corrections: event.corrections.map((correction) => ({
      kind: correction.kind,
      reason: correction.reason,
      at: correction.createdAt.toISOString(),
      ...(correction.kind === 'amend' ? contentReply(correction) : {}),
    })),
  }
}

function contentReply({ amount, metadata, occurredAtUs }: EventContent) {
  return {
    amount,
    metadata: JSON.parse(metadata ?? '{}') as Record<string, unknown>,
    timestamp: instantText(occurredAtUs),
  }
}
