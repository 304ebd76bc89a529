import type { MeterRule } from '../catalog/meter.ts'
import type { Total } from './total.ts'

/** Of these, the whole of a series is known from its windows: they go by events and sums alone. */
const FROM_PARTS: ReadonlySet<MeterRule['aggregation']> = new Set(['COUNT', 'SUM', 'AVG'])

export function isKnownFromParts({ aggregation }: Pick<MeterRule, 'aggregation'>): boolean {
  return FROM_PARTS.has(aggregation)
}

/** What parts that have no instant in common come to together, of a meter that is known from its parts. */
export function wholeOf(parts: readonly Total[]): Total {
  return {
    events: parts.reduce((sum, { events }) => sum + events, 0n),
    notCounted: parts.reduce((sum, { notCounted }) => sum + notCounted, 0n),
    sum: sumOf(parts.map(({ sum }) => sum)),
    min: null,
    max: null,
    last: null,
    uniques: 0n,
  }
}

/** Exactly: plain decimal texts of any length. */
function sumOf(texts: readonly string[]): string {
  const digits = Math.max(0, ...texts.map((text) => (text.split('.')[1] ?? '').length))
  const scaled = texts.reduce((sum, text) => {
    const [whole = '0', fraction = ''] = text.split('.')
    return sum + BigInt(whole + fraction.padEnd(digits, '0'))
  }, 0n)
  const plain = (scaled < 0n ? -scaled : scaled).toString().padStart(digits + 1, '0')
  const point = plain.length - digits
  return `${scaled < 0n ? '-' : ''}${plain.slice(0, point)}${digits > 0 ? `.${plain.slice(point)}` : ''}`
}
