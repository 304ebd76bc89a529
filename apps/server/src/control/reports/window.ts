import { failures } from './report-failures.ts'
import type { Span, Window } from './statistics.store.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const SPAN_MS: Readonly<Record<Span, number>> = { minute: MINUTE_MS, hour: HOUR_MS }

/** When the minute or hour began in which an instant is. */
export function startOf(at: Date, span: Span): Date {
  return new Date(Math.floor(at.getTime() / SPAN_MS[span]) * SPAN_MS[span])
}

/**
 * The last 24 hours, or what was asked for, as whole minutes or hours: those in which it begins and ends are in it. Throws
 * `report.window_empty` and `report.window_too_long`.
 */
export function windowOf(
  wanted: { readonly from?: Date | undefined; readonly to?: Date | undefined },
  { span, daysMax, systemNow }: { span: Span; daysMax: number; systemNow: Date },
): Window {
  const end = wanted.to ?? systemNow
  const begin = wanted.from ?? new Date(end.getTime() - DAY_MS)
  if (begin >= end) throw failures.windowEmpty()
  if (end.getTime() - begin.getTime() > daysMax * DAY_MS) throw failures.windowTooLong(daysMax)
  const lastMs = end.getTime() - 1
  const to = new Date(startOf(new Date(lastMs), span).getTime() + SPAN_MS[span])
  return { from: startOf(begin, span), to }
}
