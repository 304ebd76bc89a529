import { holdsSecret, isSecretName } from './secrets.ts'

/** Where something was left out, and why. A name that holds a secret is not told. */
export type Omission = {
  readonly path: string
  readonly why: 'secret' | 'too_long' | 'too_many' | 'too_deep' | 'unfit'
}

export type Redacted = {
  /** What may leave the process. It keeps to the limits of the API, so no event is refused for it. */
  readonly metadata: Readonly<Record<string, unknown>>
  readonly omitted: readonly Omission[]
}

const ENTRIES_MAX = 50
const LEVELS_MAX = 3
const KEY_LENGTH_MAX = 100
const VALUE_LENGTH_MAX = 2_048
const DIGITS_MAX = 15 // the API takes no number of more for exact

/** What is told of every request without a rule. Headers, bodies and values of parameters are not. */
export const COLLECTED_FIELDS = [
  'method',
  'route',
  'status',
  'durationMs',
  'requestBytes',
  'responseBytes',
  'clientAddress',
  'userAgent',
  'queryNames',
] as const

/**
 * Takes from fields of a request what may be sent: the allowed ones, or all with `null`, which is for metadata
 * that the host has put together itself. Secrets go whatever is allowed, by name and by shape; so does what
 * the API would refuse. Nothing is shortened: half a value is another value, and may hide half a secret.
 */
export function redact(fields: unknown, allowed: readonly string[] | null): Redacted {
  const walk: Walk = { entriesLeft: ENTRIES_MAX, omitted: [] }
  const holder = isRecord(fields) ? fields : {}
  const chosen = allowed === null ? membersOf(holder) : chosenMembers(holder, allowed)
  const metadata = Object.fromEntries(keptMembers(walk, chosen, { path: '', level: 1 }))
  return { metadata, omitted: walk.omitted }
}

type Fields = Readonly<Record<string, unknown>>

type Walk = { entriesLeft: number; readonly omitted: Omission[] }

/** Of an object or array: what stands before the names of its members, and how deep it is. */
type Place = { readonly path: string; readonly level: number }

type Member = readonly [name: string, value: unknown]

function chosenMembers(holder: Fields, allowed: readonly string[]): Member[] {
  return allowed.filter((name) => Object.hasOwn(holder, name)).map((name) => [name, holder[name]])
}

/** One by one: a host must not wait for what is beyond the last that is kept. */
function* membersOf(holder: Fields | readonly unknown[]): Generator<Member> {
  if (Array.isArray(holder)) {
    for (const [at, value] of holder.entries()) yield [String(at), value]
    return
  }
  for (const name in holder) {
    if (Object.hasOwn(holder, name)) yield [name, (holder as Fields)[name]]
  }
}

/** All members count, those of members too. The first one too many ends its holder. */
function keptMembers(walk: Walk, members: Iterable<Member>, { path, level }: Place): Member[] {
  const kept: Member[] = []
  for (const [name, value] of members) {
    if (value === undefined) continue // says nothing, as in JSON
    const place = { path: `${path}${told(name)}`, level }
    const why = walk.entriesLeft === 0 ? 'too_many' : objection(name, value, level)
    if (why === null) kept.push([name, keptValue(walk, value, place)])
    else walk.omitted.push({ path: place.path, why })
    if (why === 'too_many') break
  }
  return kept
}

function keptValue(walk: Walk, value: unknown, { path, level }: Place): unknown {
  walk.entriesLeft--
  const below = { path: `${path}.`, level: level + 1 }
  if (Array.isArray(value)) {
    return keptMembers(walk, membersOf(value), below).map(([, element]) => element)
  }
  if (isRecord(value)) return Object.fromEntries(keptMembers(walk, membersOf(value), below))
  return typeof value === 'number' && digitsOf(value) > DIGITS_MAX ? String(value) : value
}

function objection(name: string, value: unknown, level: number): Omission['why'] | null {
  if (name.length > KEY_LENGTH_MAX) return 'too_long'
  if (!isText(name) || name === '') return 'unfit'
  if (holdsSecret(name)) return 'secret'
  if (value === null || typeof value === 'boolean') return null // nothing to open a door with
  return isSecretName(name) ? 'secret' : objectionToValue(value, level)
}

function objectionToValue(value: unknown, level: number): Omission['why'] | null {
  if (typeof value === 'string') return objectionToText(value)
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'unfit'
  if (!Array.isArray(value) && !isRecord(value)) return 'unfit'
  return level < LEVELS_MAX ? null : 'too_deep'
}

function objectionToText(text: string): Omission['why'] | null {
  if (text.length > VALUE_LENGTH_MAX) return 'too_long'
  if (!isText(text)) return 'unfit'
  return holdsSecret(text) ? 'secret' : null
}

/** What PostgreSQL can hold. */
function isText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function isRecord(value: unknown): value is Fields {
  return Object.prototype.toString.call(value) === '[object Object]'
}

/** Significant ones, of the shortest text. */
function digitsOf(value: number): number {
  const [digits = ''] = String(Math.abs(value)).split('e')
  return digits.replace('.', '').replace(/^0+|0+$/g, '').length
}

function told(name: string): string {
  return name.length > KEY_LENGTH_MAX || holdsSecret(name) ? '…' : name
}
