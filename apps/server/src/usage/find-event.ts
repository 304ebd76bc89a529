import type { Tx } from '../platform/db/transaction.ts'
import { keyOfEventId } from './event-key.ts'
import { failures } from './failures.ts'
import type { StoredEvent } from './stored-event.ts'
import { selectEvent } from './stored-events.store.ts'

/** The event with this id. Throws `usage.event_not_found`. */
export async function findEvent(tx: Tx, envId: number, eventId: string): Promise<StoredEvent> {
  const key = keyOfEventId(eventId)
  const event = key === null ? null : await selectEvent(tx, envId, key)
  if (!event) throw failures.eventNotFound(eventId)
  return event
}
