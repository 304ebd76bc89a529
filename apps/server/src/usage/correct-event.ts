import type { Tx } from '../platform/db/transaction.ts'
import type { Failure } from '../platform/errors.ts'
import { insertCorrection } from './corrections.store.ts'
import { aheadRefusal, PAST_DAYS_MAX, pastRefusal } from './event-age.ts'
import { keyOfEventId } from './event-key.ts'
import { failures } from './failures.ts'
import {
  type Correction,
  type EventContent,
  effectiveContent,
  type StoredEvent,
} from './stored-event.ts'
import { selectEvent } from './stored-events.store.ts'

/** What an amendment says anew; the rest stays as it counts now. */
export type Amendment = {
  readonly amount?: string | undefined
  readonly metadata?: string | null | undefined
  readonly occurredAtUs?: number | undefined
}

export type CorrectionInput = { readonly eventId: string; readonly reason: string | null }

const RACES_MAX = 10

/** The event counts no longer. Throws `usage.event_not_found`, and `usage.event_void` when it did not before. */
export function voidEvent(
  tx: Tx,
  envId: number,
  { eventId, reason }: CorrectionInput,
  now: Date,
): Promise<StoredEvent> {
  return correct(tx, envId, eventId, () => ({ kind: 'void', reason, createdAt: now }))
}

/**
 * The event counts with other content from now on; as it was received it stays to be seen. Throws
 * `usage.event_not_found`, `usage.event_void`, and `usage.timestamp_…` for a time that no event may have.
 */
export function amendEvent(
  tx: Tx,
  envId: number,
  input: CorrectionInput & { readonly amendment: Amendment },
  now: Date,
): Promise<StoredEvent> {
  const { eventId, reason, amendment } = input
  return correct(tx, envId, eventId, (content, event) => {
    const occurredAtUs = amendment.occurredAtUs ?? content.occurredAtUs
    const refusal = timeRefusal(occurredAtUs, event, now)
    if (refusal) throw refusal
    return {
      kind: 'amend',
      reason,
      createdAt: now,
      amount: amendment.amount ?? content.amount,
      metadata: amendment.metadata === undefined ? content.metadata : amendment.metadata,
      occurredAtUs,
    }
  })
}

/** An event keeps the time at which it was accepted, and may move to any that a new event may have. */
function timeRefusal(atUs: number, event: StoredEvent, now: Date): Failure | null {
  const nowUs = now.getTime() * 1_000
  const past = atUs < event.occurredAtUs ? pastRefusal(atUs, nowUs, PAST_DAYS_MAX) : null
  return past ?? (atUs > event.occurredAtUs ? aheadRefusal(atUs, nowUs) : null)
}

/** Of two corrections at once each is made on top of the other: whoever loses the number looks again. */
async function correct(
  tx: Tx,
  envId: number,
  eventId: string,
  make: (content: EventContent, event: StoredEvent) => Correction,
): Promise<StoredEvent> {
  const key = keyOfEventId(eventId)
  for (let race = 0; key !== null && race < RACES_MAX; race++) {
    const event = await selectEvent(tx, envId, key)
    if (!event) break
    const content = effectiveContent(event)
    if (!content) throw failures.alreadyVoid(eventId)
    const correction = make(content, event)
    const number = event.corrections.length + 1
    if (await insertCorrection(tx, envId, key, { ...correction, number }))
      return { ...event, corrections: [...event.corrections, correction] }
  }
  throw failures.eventNotFound(eventId)
}
