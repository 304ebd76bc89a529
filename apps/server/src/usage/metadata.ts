import { failures } from './failures.ts'

/** What was sent beside an event: as JSON text, and as text that does not depend on the order of keys. */
export type Metadata = { readonly text: string; readonly canonical: string }

type Members = Readonly<Record<string, unknown>>

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
  return { text: JSON.stringify(value), canonical: canonicalObject(value) }
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
    const member = (holder as Members)[key]
    entries++
    if (typeof member === 'string' && member.length > VALUE_LENGTH_MAX)
      throw failures.malformed(`${at}.${key}`, `must have at most ${VALUE_LENGTH_MAX} characters`)
    if (typeof member === 'object' && member !== null)
      entries += countEntries(member, `${at}.${key}`, level + 1)
  }
  return entries
}

/**
 * One text for all ways to write one value, and for no other value: counts say where objects and
 * arrays end, and NUL, which no text contains, where keys and values do. Half the cost of sorted JSON.
 */
function canonical(value: unknown): string {
  if (typeof value === 'string') return `"${value}`
  if (Array.isArray(value)) return `[${value.length}\0${value.map(canonical).join('\0')}`
  return isObject(value) ? canonicalObject(value) : String(value)
}

function canonicalObject(members: Members): string {
  const keys = Object.keys(members)
  if (keys.length > 1) sortFew(keys)
  let text = `{${keys.length}`
  for (const key of keys) text += `\0${key}\0${canonical(members[key])}`
  return text
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

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
