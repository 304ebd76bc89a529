import { majorText, minorDigits } from '@usageflow/pricing'

const FRACTION_SHOWN_MAX = 4
const LOCALE = undefined // the reader's own

/** An amount of minor units as its currency writes it, exactly: no float in between. */
export function formatMoney(amountMinor: string, currency: string): string {
  return formatMajor(majorText(BigInt(amountMinor), currency), currency)
}

/** The same from a decimal of major units, with as many digits as it has when those are more. */
export function formatMajor(amount: string, currency: string): string {
  const digits = minorDigits(currency)
  const fraction = amount.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(LOCALE, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: Math.max(digits, fraction),
  }).format(amount as Intl.StringNumericLiteral)
}

/** A threshold of an alert: a part like `80%`, a quantity, or of a currency an amount of major units. */
export function formatThreshold(threshold: string, currency: string | null): string {
  if (threshold.endsWith('%')) return threshold
  return currency === null ? formatQuantity(threshold) : formatMajor(threshold, currency)
}

/** A quantity in groups of three digits, with at most four of its fraction. */
export function formatQuantity(quantity: string, fractionMax = FRACTION_SHOWN_MAX): string {
  return new Intl.NumberFormat(LOCALE, { maximumFractionDigits: fractionMax }).format(
    quantity as Intl.StringNumericLiteral,
  )
}

/** A quantity for the axis of a chart or a tile, like 1.2M. */
export function formatCompact(value: number): string {
  return new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 3 }).format(
    value,
  )
}

/** A part of a whole, like 0.034, in percent. */
export function formatShare(share: number): string {
  return new Intl.NumberFormat(LOCALE, { style: 'percent', maximumSignificantDigits: 3 }).format(
    share,
  )
}

const MS_PER_SECOND = 1_000

/** A duration in milliseconds, or in seconds from one on. */
export function formatDuration(ms: number): string {
  const [value, unit] = ms < MS_PER_SECOND ? [ms, 'millisecond'] : [ms / MS_PER_SECOND, 'second']
  return new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit,
    maximumSignificantDigits: 3,
  }).format(value)
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const BYTES_PER_STEP = 1_000

export function formatBytes(bytes: number): string {
  const steps = bytes < 1 ? 0 : Math.trunc(Math.log10(bytes) / Math.log10(BYTES_PER_STEP))
  const step = Math.min(steps, BYTE_UNITS.length - 1)
  return new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit: BYTE_UNITS[step] ?? 'byte',
    maximumSignificantDigits: 3,
  }).format(bytes / BYTES_PER_STEP ** step)
}

export function formatInstant(instant: string): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' }).format(
    new Date(instant),
  )
}

/** The time zone that everything is shown in. */
export function readerZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

const DAY_MS = 86_400_000

/** Days of a period in UTC, whose end is exclusive: what is called March ends on the 31st. */
export function formatPeriod(start: string, end: string): string {
  const format = new Intl.DateTimeFormat(LOCALE, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  })
  const last = new Date(Math.max(new Date(end).getTime() - 1, new Date(start).getTime()))
  return format.formatRange(new Date(start), last)
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** Like "3 hours ago" or "in 2 days". */
export function formatAge(instant: string, now: Date): string {
  const distanceMs = new Date(instant).getTime() - now.getTime()
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })
  const [unit, unitMs] = STEPS.find(([, stepMs]) => Math.abs(distanceMs) >= stepMs) ?? []
  if (unit === undefined || unitMs === undefined) return format.format(0, 'second')
  return format.format(Math.trunc(distanceMs / unitMs), unit)
}

/** The beginning and the end of an id, between which it can be told from others. */
export function shortId(id: string): string {
  const [prefix = '', rest] = id.split('_')
  if (rest === undefined || rest.length <= 12) return id
  return `${prefix}_${rest.slice(0, 4)}…${rest.slice(-6)}`
}
