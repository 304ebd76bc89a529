/** Months of UTC by their number since January 1970, which is 0. */
export function monthOf(atMs: number): number {
  const at = new Date(atMs)
  return (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth()
}

/** In milliseconds since 1970. */
export function startOfMonthMs(month: number): number {
  return Date.UTC(1970, month)
}
