import type { Cycle } from './index.ts'

/**
 * A second way to know when a period begins, for the tests: integers for the calendar, `Intl` for
 * the clocks, nothing of Temporal. A civil time is the milliseconds that it would be in UTC.
 */

/** Zones whose clocks do something unusual, and enough of the others. */
export const ZONES = `
  Africa/Cairo America/Sao_Paulo America/Havana Asia/Beirut America/Asuncion Pacific/Apia
  Australia/Lord_Howe Asia/Kathmandu Pacific/Chatham Europe/Dublin Africa/Casablanca America/St_Johns
  Etc/UTC Africa/Abidjan Africa/Algiers Africa/El_Aaiun Africa/Johannesburg Africa/Lagos Africa/Nairobi
  America/Anchorage America/Argentina/Buenos_Aires America/Bogota America/Caracas America/Chicago
  America/Denver America/Halifax America/Lima America/Los_Angeles America/Mexico_City America/New_York
  America/Nuuk America/Phoenix America/Port-au-Prince America/Santiago America/Scoresbysund
  America/Toronto Antarctica/Troll Asia/Dhaka Asia/Dubai Asia/Gaza Asia/Hong_Kong Asia/Jakarta
  Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kolkata Asia/Manila Asia/Shanghai Asia/Singapore
  Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide Australia/Eucla Australia/Sydney
  Europe/Berlin Europe/London Europe/Moscow Pacific/Auckland Pacific/Kiritimati`
  .trim()
  .split(/\s+/)

const DAY_MS = 86_400_000
const STEP_DAYS: Partial<Record<Cycle, number>> = { day: 1, week: 7 }
const STEP_MONTHS: Partial<Record<Cycle, number>> = { month: 1, quarter: 3, year: 12 }

/** The civil time at which the `n`-th period should begin. */
export function wantedMs(local: string, cycle: Cycle, n: number): number {
  const anchorMs = Date.parse(`${local}Z`)
  const days = STEP_DAYS[cycle]
  if (days !== undefined) return anchorMs + n * days * DAY_MS
  const anchor = new Date(anchorMs)
  const year = anchor.getUTCFullYear()
  const month = anchor.getUTCMonth() + n * (STEP_MONTHS[cycle] ?? 0)
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  const day = Math.min(anchor.getUTCDate(), lastDay)
  return Date.UTC(year, month, day) + (anchorMs % DAY_MS)
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clocks of the zone show at an instant. */
export function localMs(instantMs: number, timeZone: string): number {
  const wholeSeconds = Math.floor(instantMs / 1000) * 1000
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = formatOf(timeZone)
    .format(wholeSeconds)
    .split(/\D+/)
    .map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second) + (instantMs - wholeSeconds)
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  formats.set(timeZone, format)
  return format
}
