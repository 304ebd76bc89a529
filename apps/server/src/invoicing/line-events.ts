import { metersById } from '../catalog/find-meter.ts'
import { type CountedEvent, eventsOf } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { EventPlace } from './event-place.ts'
import { getLine } from './read-invoice.ts'

/**
 * A page of exactly the events that a line counts, by time: of a finalized invoice for ever the same.
 * None for a base price. Throws `invoice.unknown` and `invoice.line_unknown`.
 */
export async function lineEvents(
  tx: Tx,
  envId: number,
  line: { readonly id: string; readonly lineNo: number },
  page: { readonly limit: number; readonly after: EventPlace | null },
): Promise<CountedEvent[]> {
  const { content, line: found } = await getLine(tx, envId, line)
  const { meterId, coverage: slices } = found
  const since = found.late?.since ?? null // of late usage only what was not billed before
  if (meterId === null || slices.length === 0) return []
  const meter = (await metersById(tx, envId, [meterId])).get(meterId)
  if (!meter) return []
  const asked = { meterNo: meter.meterNo, slices, usageBefore: content.usageBefore, since }
  const events = await eventsOf(tx, envId, asked, page)
  return events.map((event) => ({
    ...event,
    amount: shortest(event.amount),
    value: event.value === null ? null : shortest(event.value),
  }))
}

/** The database fills decimals up with zeros. */
function shortest(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}
