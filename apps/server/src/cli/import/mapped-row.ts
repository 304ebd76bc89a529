import type { EventInput, EventLine, MAPPABLE_FIELDS, Mapping } from './event-line.ts'

type Field = (typeof MAPPABLE_FIELDS)[number]

/** Why a row says nothing that can be sent. */
class Refused extends Error {}

/**
 * Makes an event of a row of named values, as the mapping says. A value that is missing where a column
 * stands for it is a reason to refuse, and never one of its own: an empty amount is not one unit.
 */
export function readMappedRow(
  row: Readonly<Record<string, unknown>>,
  line: number,
  mapping: Mapping,
): EventLine {
  try {
    return { line, event: eventOf(row, line, mapping) }
  } catch (error) {
    if (error instanceof Refused) return { line, refused: error.message }
    throw error
  }
}

function eventOf(
  row: Readonly<Record<string, unknown>>,
  line: number,
  mapping: Mapping,
): EventInput {
  const value = (field: Field) => valueFor(field, row, mapping)
  const name = needed('name', value('name'), mapping)
  const customerId = needed('customerId', value('customerId'), mapping)
  const amount = value('amount')
  const timestamp = value('timestamp')
  const metadata = Object.fromEntries(
    mapping.metadata
      .filter((column) => row[column] !== undefined)
      .map((column) => [column, row[column]]),
  )
  return {
    name: String(name),
    customerId: String(customerId),
    sequence: sequenceOf(value('sequence') ?? line),
    idempotencyKey: String(value('idempotencyKey') ?? `${mapping.keyPrefix}-${line}`),
    ...(amount === undefined ? {} : { amount }),
    ...(timestamp === undefined ? {} : { timestamp: isoTimestamp(String(timestamp)) }),
    ...(mapping.metadata.length === 0 ? {} : { metadata }),
  }
}

/** The value of a field, or undefined where neither a constant nor a column stands for it. */
function valueFor(
  field: Field,
  row: Readonly<Record<string, unknown>>,
  mapping: Mapping,
): string | number | undefined {
  const constant = mapping.constants[field]
  if (constant !== undefined) return constant
  const mapped = mapping.columns[field]
  const column = mapped ?? field
  const found = Object.hasOwn(row, column) ? row[column] : undefined
  if (found === undefined && mapped === undefined) return undefined
  if (found === undefined || found === null || found === '')
    throw new Refused(`has no "${column}" for ${field}`)
  if (typeof found !== 'string' && typeof found !== 'number')
    throw new Refused(`has a "${column}" that is neither text nor a number`)
  return found
}

function needed(field: Field, value: string | number | undefined, mapping: Mapping) {
  if (value !== undefined) return value
  const column = mapping.columns[field] ?? field
  throw new Refused(
    `has no "${column}" for ${field}; name the column with --map ${field}=COLUMN or a value with --set ${field}=VALUE`,
  )
}

function sequenceOf(value: string | number): number {
  if (!/^-?\d{1,15}$/.test(String(value)))
    throw new Refused(`has a sequence that is not a whole number: ${value}`)
  return Number(value)
}

/** `2023-11-16 18:17:03.9799600`, as exports write it, is UTC: a `T`, a `Z`, and at most microseconds. */
function isoTimestamp(text: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  const [, date, clock, fraction] = match
  return `${date}T${clock}${fraction ? `.${fraction.slice(0, 6)}` : ''}Z`
}
