const MICROS_PER_SECOND = 1_000_000
const DAYS_TO_1970 = 719_468 // from 0000-03-01, where the leap day is the last of its year
const LENGTH_MIN = 20 // 2026-03-01T00:00:00Z

/**
 * Reads an RFC 3339 instant, in whole microseconds since 1970. Exact until the year 2255, where a
 * double runs out of them. Null for anything else: no zone, a date that is not in the calendar, a
 * leap second, more than six fractional digits, lower case.
 */
export function readInstant(text: string): number | null {
  if (text.length < LENGTH_MIN || !hasPunctuation(text)) return null
  const days = daysSince1970(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2))
  const seconds = secondsOfDay(digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2))
  if (days === null || seconds === null) return null
  const fractionEnd = text.charCodeAt(19) === POINT ? endOfDigits(text, 20) : 19
  const micros = fractionEnd === 19 ? 0 : microsOf(text, fractionEnd)
  const offset = offsetSeconds(text, fractionEnd)
  if (micros === null || offset === null) return null
  return (days * 86_400 + seconds - offset) * MICROS_PER_SECOND + micros
}

/** The instant as people and programs read it: `2026-03-01T00:00:00.000001Z`, at least milliseconds. */
export function instantText(micros: number): string {
  const millis = Math.floor(micros / 1_000)
  const rest = micros - millis * 1_000
  const text = new Date(millis).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

const DASH = 0x2d
const COLON = 0x3a
const POINT = 0x2e
const LETTER_T = 0x54
const LETTER_Z = 0x5a
const PLUS = 0x2b

function hasPunctuation(text: string): boolean {
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    text.charCodeAt(10) === LETTER_T &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  )
}

/** The number that `count` digits at `at` write; NaN when one of them is none. */
function digits(text: string, at: number, count: number): number {
  let value = 0
  for (let end = at + count; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

function endOfDigits(text: string, at: number): number {
  let end = at
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end++
  return end
}

/** A fraction of one to six digits that ends at `end`. */
function microsOf(text: string, end: number): number | null {
  const count = end - 20
  return count >= 1 && count <= 6 ? digits(text, 20, count) * 10 ** (6 - count) : null
}

/** The days of a date of the proleptic Gregorian calendar; null when it has none of that name. */
function daysSince1970(year: number, month: number, day: number): number | null {
  if (!(year >= 0 && month >= 1 && month <= 12)) return null
  if (!(day >= 1 && day <= daysIn(year, month))) return null
  const marchYear = month > 2 ? year : year - 1
  const century = Math.floor(marchYear / 100)
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const leapDays = Math.floor(marchYear / 4) - century + Math.floor(century / 4)
  return marchYear * 365 + leapDays + dayOfYear - DAYS_TO_1970
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

function secondsOfDay(hour: number, minute: number, second: number): number | null {
  return hour <= 23 && minute <= 59 && second <= 59 ? hour * 3_600 + minute * 60 + second : null
}

/** How far the local time is ahead of UTC, from the zone that stands at `at` and ends the text. */
function offsetSeconds(text: string, at: number): number | null {
  const sign = text.charCodeAt(at)
  if (sign === LETTER_Z) return text.length === at + 1 ? 0 : null
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6) return null
  if (text.charCodeAt(at + 3) !== COLON) return null
  const seconds = secondsOfDay(digits(text, at + 1, 2), digits(text, at + 4, 2), 0)
  return seconds === null || sign === PLUS ? seconds : -seconds
}
