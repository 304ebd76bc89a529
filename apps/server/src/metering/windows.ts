import { periodsOf } from '@usageflow/pricing'
import { Temporal } from 'temporal-polyfill'
import { earlier, later } from '../platform/instant.ts'
import type { Span } from './slice.ts'

/** How long a step of a series is. */
export const WINDOWS = ['hour', 'day', 'month'] as const
export type Window = (typeof WINDOWS)[number]

/**
 * The hours, days or months that share an instant with a span, cut to it, as the clocks of the zone show
 * them: a day has 23 to 25 hours, and where the clocks are set by half an hour an hour may have 90 minutes.
 * They tile the span. Stops after `countMax + 1` of them.
 */
export function windowsOf(
  span: Span,
  { window, timeZone }: { readonly window: Window; readonly timeZone: string },
  countMax: number,
): Span[] {
  const windows: Span[] = []
  for (const { from, to } of window === 'hour'
    ? hours(span, timeZone)
    : days(span, window, timeZone)) {
    if (windows.length > countMax) break
    windows.push({
      from: later(from, span.from),
      to: earlier(to, span.to),
    })
  }
  return windows
}

function* days(span: Span, cycle: 'day' | 'month', timeZone: string): Generator<Span> {
  const anchor = { kind: 'calendar', local: '1970-01-01T00:00:00', timeZone } as const
  for (const { start, end } of periodsOf(anchor, cycle, span)) yield { from: start, to: end }
}

function* hours({ from, to }: Span, timeZone: string): Generator<Span> {
  let start = hourOf(zoned(from, timeZone))
  while (start.epochMilliseconds < to.getTime()) {
    const end = nextHour(start)
    yield { from: instantOf(start), to: instantOf(end) }
    start = end
  }
}

/** An hour later, or later still when the clocks were set back into the hour that has begun. */
function nextHour(start: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  const next = hourOf(start.add({ hours: 1 }))
  return Temporal.ZonedDateTime.compare(next, start) > 0 ? next : hourOf(start.add({ hours: 2 }))
}

function hourOf(at: Temporal.ZonedDateTime): Temporal.ZonedDateTime {
  return at.round({ smallestUnit: 'hour', roundingMode: 'floor' })
}

function zoned(at: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
}

function instantOf(at: Temporal.ZonedDateTime): Date {
  return new Date(at.epochMilliseconds)
}
