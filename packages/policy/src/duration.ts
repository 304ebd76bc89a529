const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const

const SHAPE = /^([1-9]\d{0,8})([smhd])$/

/** The longest window: a leap year. Whoever counts for longer wants a period of a subscription. */
export const DURATION_MS_MAX = 366 * 86_400_000

/**
 * Reads a length of time such as `30s`, `15m`, `1h` or `1d`, in milliseconds: a whole number and one
 * unit, nothing before, between or behind. A day has 24 hours. Throws RangeError for anything else and
 * beyond 366 days.
 */
export function parseDuration(text: string): number {
  const [, digits, unit] = (typeof text === 'string' && SHAPE.exec(text)) || []
  const unitMs = UNITS.find(([name]) => name === unit)?.[1]
  if (digits === undefined || unitMs === undefined)
    throw new RangeError(
      `${JSON.stringify(text)} is no duration: write a whole number above 0 and s, m, h or d, such as "15m"`,
    )
  const durationMs = Number(digits) * unitMs
  if (durationMs > DURATION_MS_MAX)
    throw new RangeError(`${JSON.stringify(text)} is too long: at most "366d"`)
  return durationMs
}

/** The shortest text that `parseDuration` reads as this many milliseconds. Throws RangeError where there is none. */
export function formatDuration(durationMs: number): string {
  const isLength = Number.isInteger(durationMs) && durationMs > 0 && durationMs <= DURATION_MS_MAX
  const unit = UNITS.find(([, unitMs]) => durationMs % unitMs === 0)
  if (!isLength || unit === undefined)
    throw new RangeError(`${durationMs} ms is no duration: whole seconds between "1s" and "366d"`)
  const [name, unitMs] = unit
  return `${durationMs / unitMs}${name}`
}
