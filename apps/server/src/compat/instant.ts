const FRACTION = /(\.\d{6})\d+/
const ZONELESS = /^[^Zz]*[Tt][^Zz+-]*$/
const UNIX_SECONDS = /^(\d{1,11})(?:\.(\d{1,6})\d*)?$/

/**
 * What their libraries write as an instant, as ours is written: cut to microseconds, for some write nanoseconds, and in
 * capitals. Anything else stays as it is, to be refused.
 */
export function theirInstant(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(FRACTION, '$1').toUpperCase() : value
}

/** Like `theirInstant`, where a time without a zone is meant to be UTC. */
export function theirUtcInstant(value: unknown): unknown {
  const text = theirInstant(value)
  return typeof text === 'string' && ZONELESS.test(text) ? `${text}Z` : text
}

/** The instant that Unix seconds name, by their digits: a fraction never passes through a double. What is none stays as it is. */
export function unixInstant(value: unknown): unknown {
  const match = UNIX_SECONDS.exec(
    typeof value === 'number' || typeof value === 'string' ? String(value) : '',
  )
  if (!match) return value
  const [, seconds, fraction] = match
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)
  return `${whole}${fraction ? `.${fraction}` : ''}Z`
}
