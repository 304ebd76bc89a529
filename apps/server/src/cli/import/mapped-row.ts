import type { EventInput, EventLine, Mapping } from './event-line.ts'

/** Makes an event of a row of named values, as the mapping says. A missing value is a reason, not an event. */
export function readMappedRow(
  row: Readonly<Record<string, unknown>>,
  line: number,
  mapping: Mapping,
): EventLine {
  const value = (field: string): string | undefined => {
    const constant = mapping.constants[field]
    if (constant !== undefined) return constant
    const column = mapping.columns[field] ?? field
    const found = row[column]
    return found === undefined || found === null || found === '' ? undefined : String(found)
  }
  const name = value('name')
  const customerId = value('customerId')
  if (name === undefined) return { line, refused: missing('name', mapping) }
  if (customerId === undefined) return { line, refused: missing('customerId', mapping) }
  const sequence = value('sequence') ?? String(line)
  if (!/^-?\d{1,15}$/.test(sequence))
    return { line, refused: `has a sequence that is not a whole number: ${sequence}` }
  const amount = value('amount')
  const timestamp = value('timestamp')
  const metadata = Object.fromEntries(
    mapping.metadata
      .filter((column) => row[column] !== undefined)
      .map((column) => [column, row[column]]),
  )
  const event: EventInput = {
    name,
    customerId,
    sequence: Number(sequence),
    idempotencyKey: value('idempotencyKey') ?? `${mapping.keyPrefix}-${line}`,
    ...(amount === undefined ? {} : { amount }),
    ...(timestamp === undefined ? {} : { timestamp: isoTimestamp(timestamp) }),
    ...(mapping.metadata.length === 0 ? {} : { metadata }),
  }
  return { line, event }
}

/** `2023-11-16 18:17:03.9799600`, as exports write it, is UTC: a `T`, a `Z`, and at most microseconds. */
function isoTimestamp(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  const [, date, clock, fraction] = match
  return `${date}T${clock}${fraction ? `.${fraction.slice(0, 6)}` : ''}Z`
}

function missing(field: string, mapping: Mapping): string {
  const column = mapping.columns[field] ?? field
  return `has no "${column}" for ${field}; name the column with --map ${field}=COLUMN or a value with --set ${field}=VALUE`
}
