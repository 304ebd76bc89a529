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

/** Metadata with what is noted beside it: texts, each where its name is free and there is room. */
export function withNotes(
  metadata: Metadata | null,
  notes: Readonly<Record<string, string | null>>,
): Metadata {
  const noted: Record<string, unknown> = { ...metadata }
  let entries = countEntries(noted, 'metadata', 1)
  for (const [name, value] of Object.entries(notes)) {
    if (value === null || entries >= ENTRIES_MAX || Object.hasOwn(noted, name)) continue
    noted[name] = value
    entries++
  }
  return noted
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

/**
 * Writes the JSON that all ways to write one value have in common, and no other value: without spaces,
 * keys in order. What `JSON.stringify` makes of the value, at half its price, for it hardly ever has to
 * be called.
 */
export function writeJson(row: RowWriter, value: unknown): void {
  if (typeof value === 'string') row.quoted(value)
  else if (typeof value !== 'object' || value === null) row.characters(String(value))
  else if (Array.isArray(value)) writeElements(row, value)
  else writeMembers(row, value as Metadata)
}

function writeElements(row: RowWriter, elements: readonly unknown[]): void {
  row.character('[')
  elements.forEach((element, index) => {
    if (index > 0) row.character(',')
    writeJson(row, element)
  })
  row.character(']')
}

function writeMembers(row: RowWriter, members: Metadata): void {
  const keys = Object.keys(members)
  if (keys.length > 1) sortFew(keys)
  let before = '{'
  for (const key of keys) {
    row.character(before)
    row.quoted(key)
    row.character(':')
    writeJson(row, members[key])
    before = ','
  }
  row.characters(keys.length === 0 ? '{}' : '}')
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
