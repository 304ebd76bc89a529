import type { Failure } from '../platform/errors.ts'
import { failures } from './failures.ts'

/** How old an event may be that comes without an import, unless configured otherwise. */
export const PAST_DAYS_MAX = 35

const AHEAD_MINUTES_MAX = 5
const MINUTE_US = 60 * 1_000_000
const DAY_US = 24 * 60 * MINUTE_US

/** Why an event cannot happen at `atUs` when it is `nowUs` in its environment; null when it can. */
export function aheadRefusal(atUs: number, nowUs: number): Failure | null {
  return atUs > nowUs + AHEAD_MINUTES_MAX * MINUTE_US ? failures.tooEarly(AHEAD_MINUTES_MAX) : null
}

/** Why an event of `atUs` comes too late when it is `nowUs` in its environment; null when it does not. */
export function pastRefusal(atUs: number, nowUs: number, daysMax: number): Failure | null {
  return atUs < nowUs - daysMax * DAY_US ? failures.tooLate(daysMax) : null
}
