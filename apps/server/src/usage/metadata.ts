import { failures } from './failures.ts'
import type { RowWriter } from './row-writer.ts'

/** What was sent beside an event: it came out of `parseStrictJson` and keeps to the limits. */
export type Metadata = Readonly<Record<string, unknown>>

const ENTRIES_MAX = 50
const LEVELS_MAX = 3
const KEY_LENGTH_MAX = 100
const VALUE_LENGTH_MAX = 2_048

/**
 * Checks metadata that came out of `parseStrictJson`. An empty object says nothing: null, as if none
 * had been sent. Throws `usage.malformed`.
 */
export function readMetadata(value: unknown): Metadata | null {
  if (!isObject(value)) throw failures.malformed('metadata', 'must be a JSON object')
  const entries = countEntries(value, 'metadata', 1)
  if (entries === 0) return null
  if (entries > ENTRIES_MAX)
    throw failures.malformed(
      'metadata',
      `must have at most ${ENTRIES_MAX} entries, nested ones included`,
    )
  return value
}

/** Counts the members and elements at all levels, and checks each. */
function countEntries(holder: object, at: string, level: number): number {
  if (level > LEVELS_MAX)
    throw failures.malformed(at, `must not be nested: ${LEVELS_MAX} levels at most`)
  let entries = 0
  // Nothing but own keys is enumerable in what JSON.parse made.
  for (const key in holder) {
    if (key === '' || key.length > KEY_LENGTH_MAX)
      throw failures.malformed(at, `must have keys of 1 to ${KEY_LENGTH_MAX} characters`)
    const member = (holder as Metadata)[key]
    entries++
    if (typeof member === 'string' && member.length > VALUE_LENGTH_MAX)
      throw failures.malformed(`${at}.${key}`, `must have at most ${VALUE_LENGTH_MAX} characters`)
    if (typeof member === 'object' && member !== null)
      entries += countEntries(member, `${at}.${key}`, level + 1)
  }
  return entries
}

const TEXT = 1
const NUMBER = 2
const WORD = 3
const ARRAY = 4
const OBJECT = 5

/** Writes the same bytes for all ways to write one value, and for no other value: keys are put in order. */
export function writeCanonical(row: RowWriter, value: unknown): void {
  if (typeof value === 'string') writeScalar(row, TEXT, value)
  else if (typeof value === 'number') writeScalar(row, NUMBER, String(value))
  else if (typeof value !== 'object' || value === null) writeScalar(row, WORD, String(value))
  else if (Array.isArray(value)) {
    row.short(ARRAY)
    row.long(value.length)
    for (const element of value) writeCanonical(row, element)
  } else writeMembers(row, value as Metadata)
}

function writeScalar(row: RowWriter, kind: number, text: string): void {
  row.short(kind)
  row.text(text)
}

function writeMembers(row: RowWriter, members: Metadata): void {
  const keys = Object.keys(members)
  if (keys.length > 1) sortFew(keys)
  row.short(OBJECT)
  row.long(keys.length)
  for (const key of keys) {
    row.text(key)
    writeCanonical(row, members[key])
  }
}

/** Insertion: the keys are few and often in order, where it beats the built-in sort several times. */
function sortFew(keys: string[]): void {
  for (let at = 1; at < keys.length; at++) {
    const key = keys[at] as string
    let to = at
    for (; to > 0 && (keys[to - 1] as string) > key; to--) keys[to] = keys[to - 1] as string
    keys[to] = key
  }
}

function isObject(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
