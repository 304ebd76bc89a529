import { metersById } from '../catalog/find-meter.ts'
import { type CountedEvent, type EventsAsked, eventsOf, shortest } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { earlier, later } from '../platform/instant.ts'
import type { EventPlace } from './event-place.ts'
import { getLine } from './read-invoice.ts'

/**
 * What a line counts, to be asked for its events; null: none, like a base price. Throws `invoice.unknown` and
 * `invoice.line_unknown`.
 */
export async function eventsOfLine(
  tx: Tx,
  envId: number,
  line: { readonly id: string; readonly lineNo: number },
): Promise<EventsAsked | null> {
  const { content, line: found } = await getLine(tx, envId, line)
  const { meterId, coverage: slices } = found
  const since = found.late?.since ?? null // of late usage only what was not billed before
  if (meterId === null || slices.length === 0) return null
  const meter = (await metersById(tx, envId, [meterId])).get(meterId)
  return meter ? { meterNo: meter.meterNo, slices, usageBefore: content.usageBefore, since } : null
}

export type EventPage = { readonly limit: number; readonly after: EventPlace | null }

/** A page of exactly these events, by time: of a finalized invoice for ever the same. */
export async function eventPage(
  tx: Tx,
  envId: number,
  asked: EventsAsked,
  page: EventPage,
): Promise<CountedEvent[]> {
  const events = await eventsOf(tx, envId, asked, page)
  return events.map((event) => ({
    ...event,
    amount: shortest(event.amount),
    value: shortest(event.value),
  }))
}

/** The first page of the events of a line, or one that follows. Throws like `eventsOfLine`. */
export async function lineEvents(
  tx: Tx,
  envId: number,
  line: { readonly id: string; readonly lineNo: number },
  page: EventPage,
): Promise<CountedEvent[]> {
  const asked = await eventsOfLine(tx, envId, line)
  return asked ? eventPage(tx, envId, asked, page) : []
}

const PAGE_EVENTS = 1_000
const FIRST_WINDOW_MS = 3_600_000
const WINDOW_MS_MAX = 40 * 86_400_000

/**
 * All of them, page by page. A page reads all events of its window of time, so the window is made narrower
 * where there are many: each event is read a few times at most, however many there are.
 */
export async function* allEvents(
  asked: EventsAsked,
  read: (asked: EventsAsked, page: EventPage) => Promise<readonly CountedEvent[]>,
): AsyncGenerator<readonly CountedEvent[]> {
  const end = asked.slices.map(({ to }) => to).reduce(later)
  let from = asked.slices.map((slice) => slice.from).reduce(earlier)
  let after: EventPlace | null = null
  let windowMs = FIRST_WINDOW_MS
  while (from < end) {
    const to = earlier(new Date(from.getTime() + windowMs), end)
    const events = await read(within(asked, from, to), { limit: PAGE_EVENTS, after })
    if (events.length > 0) yield events
    const last = events.at(PAGE_EVENTS - 1)
    from = last ? last.occurredAt : to
    after = last ?? null
    windowMs = last ? Math.max(1, Math.floor(windowMs / 2)) : Math.min(windowMs * 2, WINDOW_MS_MAX)
  }
}

function within(asked: EventsAsked, from: Date, to: Date): EventsAsked {
  const slices = asked.slices
    .map((slice) => ({ ...slice, from: later(slice.from, from), to: earlier(slice.to, to) }))
    .filter((slice) => slice.from < slice.to)
  return { ...asked, slices }
}
