import { Failure } from '../platform/errors.ts'
import { readEvent, type SentEvent } from '../usage/event.ts'
import { failures } from '../usage/failures.ts'
import { withNotes } from '../usage/metadata.ts'

const NAME_LENGTH_MAX = 100
const NO_FIELD = 'is not a field here'

/** Whether there is a field of that name. */
export type FieldNames = (name: string) => boolean

/** These and no others. */
export function known(...names: readonly string[]): FieldNames {
  const all = new Set(names)
  return (name) => all.has(name)
}

/** The fields of one JSON object, by their names in another product. */
export class Fields {
  private readonly values: Readonly<Record<string, unknown>>

  /** Throws `usage.malformed` for anything but an object, and for a field that there is none of: a typo would lose what it says. */
  constructor(item: unknown, isField: FieldNames) {
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw failures.malformed('event', 'must be a JSON object')
    this.values = item as Record<string, unknown>
    for (const name of Object.keys(item))
      if (!isField(name)) throw failures.malformed(name.slice(0, NAME_LENGTH_MAX), NO_FIELD)
  }

  /** What was sent; undefined for null too, which their clients send for nothing. */
  of(name: string): unknown {
    return this.values[name] ?? undefined
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) throw failures.malformed(name, 'is missing')
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.of(name)
    if (value === undefined || (typeof value === 'string' && value !== '')) return value
    throw failures.malformed(name, 'must be text')
  }
}

/** The fields of `POST /api/v1/events`, of which those without a value are left out. */
export type OurFields = Readonly<
  Partial<
    Record<
      'name' | 'customerId' | 'amount' | 'metadata' | 'timestamp' | 'idempotencyKey' | 'importId',
      unknown
    >
  >
>

/**
 * The event with these fields, checked as every other. `theirs` are the names that the client knows the fields by, for it
 * is told of those.
 */
export function eventOf(fields: OurFields, theirs: Readonly<Record<string, string>>): SentEvent {
  const said = Object.entries(fields).filter(([, value]) => value !== undefined)
  try {
    return readEvent(Object.fromEntries(said), 'name')
  } catch (error) {
    throw error instanceof Failure ? inTheirNames(error, theirs) : error
  }
}

/** The event with what it also says in these fields, beside its metadata, where there is room. */
export function noted(event: SentEvent, fields: Fields, names: readonly string[]): SentEvent {
  const notes = names.flatMap((name) => {
    const note = fields.optionalText(name)
    return note === undefined ? [] : [[name, note.slice(0, NOTE_LENGTH_MAX)]]
  })
  if (notes.length > 0) event.metadata = withNotes(event.metadata, Object.fromEntries(notes))
  return event
}

const NOTE_LENGTH_MAX = 2_048

function inTheirNames(failure: Failure, theirs: Readonly<Record<string, string>>): Failure {
  const { at } = failure.details
  if (typeof at !== 'string') return failure
  const [field = '', ...inside] = at.split('.')
  const rule = failure.message.slice(at.length + 2)
  return failures.malformed([theirs[field] ?? field, ...inside].join('.'), rule)
}

/** The elements of a list, each read or refused by itself. Throws `usage.malformed` and `usage.batch_too_long`. */
export function readEach(
  list: unknown,
  at: string,
  read: (item: unknown) => SentEvent,
): (SentEvent | Failure)[] {
  if (!Array.isArray(list)) throw failures.malformed(at, 'must be a list of events')
  if (list.length === 0 || list.length > EVENTS_MAX) throw failures.batchTooLong(EVENTS_MAX)
  return list.map((item) => orFailure(() => read(item)))
}

const EVENTS_MAX = 1_000

function orFailure(read: () => SentEvent): SentEvent | Failure {
  try {
    return read()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}
