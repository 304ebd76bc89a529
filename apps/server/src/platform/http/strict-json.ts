import { isAscii, isUtf8 } from 'node:buffer'
import { Failure } from '../errors.ts'
import { firstRepeatedKey } from './repeated-key.ts'

const DEPTH_MAX = 16
const SIGNIFICANT_DIGITS_MAX = 15 // what a double holds of any decimal
const NUMBER_CHARACTERS_MAX = 40
const SMALLEST_EXACT = 2.2250738585072014e-308 // below it a double has fewer digits

const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** What a byte begins outside of strings. */
const OTHER = 0
const STRING = 1
const MEMBER = 2
const OPEN = 3
const CLOSE = 4
const NUMBER = 5
const FOREIGN = 6

const BEGINS = tableOf([
  [STRING, '"'],
  [MEMBER, ':'],
  [OPEN, '{['],
  [CLOSE, '}]'],
  [NUMBER, '-0123456789'],
]).fill(FOREIGN, 0x80)

const PLAIN = 1
const EXPONENT = 2

const NUMBER_PART = tableOf([
  [PLAIN, '+-.0123456789'],
  [EXPONENT, 'eE'],
])

/**
 * Reads JSON that means one thing only. Throws a Failure `json.…` for what `JSON.parse` refuses and for
 * what it would silently change or let through: a repeated key, a number that a double cannot hold, text
 * that PostgreSQL cannot hold, bytes that are not UTF-8, nesting deeper than 16.
 *
 * One pass over the bytes finds all of that, at about 1 ns a byte; it trusts the grammar, which
 * `JSON.parse` then checks. Keys like `__proto__` come out as the object's own properties.
 */
export function parseStrictJson(bytes: Buffer): unknown {
  const members = countWrittenMembers(bytes)
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8'
  if (encoding === 'utf8' && !isUtf8(bytes)) throw failures.encoding()
  const text = bytes.toString(encoding)
  const value = parse(text)
  if (countMembers(value) !== members) throw failures.repeatedKey(firstRepeatedKey(text))
  return value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw text.trim() === '' ? failures.empty() : failures.syntax()
  }
}

/** Counts the members as written, and refuses what can be seen without building the value. */
function countWrittenMembers(bytes: Buffer): number {
  let members = 0
  let depth = 0
  for (let at = 0; at < bytes.length; at++) {
    switch (BEGINS[bytes[at] as number]) {
      case STRING:
        at = endOfString(bytes, at)
        break
      case MEMBER:
        members++
        break
      case OPEN:
        if (++depth > DEPTH_MAX) throw failures.depth()
        break
      case CLOSE:
        depth--
        break
      case NUMBER:
        at = endOfNumber(bytes, at)
        break
      case FOREIGN:
        throw foreignByte(bytes)
    }
  }
  return members
}

/** Where the string that begins at `at` ends: its closing quote, or the end of the bytes. */
function endOfString(bytes: Buffer, at: number): number {
  let end = at + 1
  let byte = bytes[end] // undefined past the end
  while (byte !== QUOTE && byte !== undefined) {
    if (byte === BACKSLASH) end = endOfEscape(bytes, end)
    byte = bytes[++end]
  }
  return end
}

/** Where the escape that begins at `at` ends: its last byte. Refuses NUL and half a surrogate pair. */
function endOfEscape(bytes: Buffer, at: number): number {
  if (bytes[at + 1] !== LETTER_U) return at + 1
  const unit = escapedUnit(bytes, at)
  if (unit === 0) throw failures.nul()
  if (unit < 0xd800 || unit > 0xdfff) return at + 1 // the digits that follow are ordinary bytes
  const low = escapedUnit(bytes, at + 6)
  if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) throw failures.surrogate()
  return at + 11
}

/** The code unit that `\uXXXX` at `at` names; -1 when something else stands there. */
function escapedUnit(bytes: Buffer, at: number): number {
  const text = bytes.toString('latin1', at, at + 6)
  return /^\\u[0-9a-fA-F]{4}$/.test(text) ? Number.parseInt(text.slice(2), 16) : -1
}

/** Where the number that begins at `at` ends: its last byte. Refuses one that a double would change. */
function endOfNumber(bytes: Buffer, at: number): number {
  let end = at
  let parts = 0
  let part = PLAIN
  while (part !== OTHER) {
    parts |= part
    part = NUMBER_PART[bytes[++end] as number] ?? OTHER
  }
  const isSurelyExact = end - at <= SIGNIFICANT_DIGITS_MAX && parts === PLAIN
  if (!isSurelyExact && !survivesDouble(bytes.toString('latin1', at, end))) throw failures.number()
  return end - 1
}

function survivesDouble(text: string): boolean {
  if (text.length > NUMBER_CHARACTERS_MAX) return false
  const digits = text
    .replace(/e.*$/i, '')
    .replace(/[-+.]/g, '')
    .replace(/^0+|0+$/g, '')
  if (digits.length > SIGNIFICANT_DIGITS_MAX) return false
  const size = Math.abs(Number(text))
  if (Number.isNaN(size) || digits === '') return true // not a number at all, which the grammar refuses; or zero
  return size >= SMALLEST_EXACT && size !== Number.POSITIVE_INFINITY
}

function foreignByte(bytes: Buffer): Failure {
  const first = bytes[0] ?? 0
  const isMark = first === 0xef || first === 0xfe || first === 0xff
  return isMark ? failures.byteOrderMark() : failures.syntax()
}

function tableOf(kinds: readonly (readonly [kind: number, characters: string])[]): Uint8Array {
  const table = new Uint8Array(256)
  for (const [kind, characters] of kinds)
    for (const character of characters) table[character.charCodeAt(0)] = kind
  return table
}

/** The members of all objects in `value`, which is at most 16 deep and fresh from `JSON.parse`. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const element of value) members += countMembers(element)
    return members
  }
  // Nothing but own keys is enumerable here, and this is three times as fast as Object.keys.
  for (const key in value) members += 1 + countMembers((value as Record<string, unknown>)[key])
  return members
}

export const failures = {
  empty: () => new Failure('malformed', 'json.empty', 'Send a JSON value as the body.'),

  syntax: () =>
    new Failure('malformed', 'json.syntax', 'The body is not JSON (RFC 8259), or was cut off.'),

  encoding: () => new Failure('malformed', 'json.encoding', 'Send the JSON encoded as UTF-8.'),

  byteOrderMark: () =>
    new Failure(
      'malformed',
      'json.byte_order_mark',
      'Send the JSON as UTF-8 without a byte order mark in front.',
    ),

  depth: () =>
    new Failure('malformed', 'json.depth', `Nest arrays and objects at most ${DEPTH_MAX} deep.`),

  /** One of the two values would be dropped in silence. */
  repeatedKey: (key: string | null) =>
    new Failure(
      'malformed',
      'json.repeated_key',
      `Send each key of an object once: ${key === null ? 'one' : JSON.stringify(key)} stands there twice.`,
    ),

  /** A rule and not a shape: the JSON is well formed, but reading it would change the number. */
  number: () =>
    new Failure(
      'invalid',
      'json.number',
      `A JSON number keeps at most ${SIGNIFICANT_DIGITS_MAX} significant digits: send longer, larger or smaller ones as a string, like "12345678901234567890".`,
    ),

  nul: () =>
    new Failure('malformed', 'json.nul', 'Remove the NUL characters (\\u0000) from the text.'),

  surrogate: () =>
    new Failure(
      'malformed',
      'json.surrogate',
      'Text holds half a surrogate pair: send whole characters.',
    ),
}
