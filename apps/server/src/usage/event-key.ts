import { hash } from 'node:crypto'

/**
 * What tells events of one environment apart: 16 bytes, written as text with one character
 * (U+0000 to U+00FF) a byte, because text is quicker to make, compare and look up than a Buffer.
 */
export type EventKey = string

const KEY_BYTES = 16
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, as in TypeID
const ID_SHAPE = /^evt_([0-7][0-9a-hjkmnp-tv-z]{25})$/

/** Every two letters of the alphabet, by their ten bits: half the steps of one letter at a time. */
const PAIRS = Array.from(
  { length: 1024 },
  (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`,
)

/** The key of the event that was sent with this idempotency key. */
export function keyOf(idempotencyKey: string): EventKey {
  return hash('sha256', idempotencyKey, 'binary').slice(0, KEY_BYTES)
}

/** The event's name outside, `evt_…`: the TypeID of its key. */
export function eventIdOf(key: EventKey): string {
  let id = `evt_${PAIRS[key.charCodeAt(0)]}`
  for (let at = 1; at < KEY_BYTES; at += 5) {
    const high = (key.charCodeAt(at) << 12) | (key.charCodeAt(at + 1) << 4)
    const middle = key.charCodeAt(at + 2)
    const low = (key.charCodeAt(at + 3) << 8) | key.charCodeAt(at + 4)
    const top = high | (middle >> 4)
    const bottom = ((middle & 15) << 16) | low
    id += `${PAIRS[top >> 10]}${PAIRS[top & 1023]}${PAIRS[bottom >> 10]}${PAIRS[bottom & 1023]}`
  }
  return id
}

/** The key of an event's outside name, or null for text that is not one. */
export function keyOfEventId(eventId: string): EventKey | null {
  const digits = ID_SHAPE.exec(eventId)?.[1]
  if (digits === undefined) return null
  let value = 0n
  for (const digit of digits) value = (value << 5n) | BigInt(ALPHABET.indexOf(digit))
  return Buffer.from(value.toString(16).padStart(2 * KEY_BYTES, '0'), 'hex').toString('latin1')
}

/** The key as PostgreSQL writes a `uuid`. */
export function uuidOf(key: EventKey): string {
  const hex = Buffer.from(key, 'latin1').toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** The key that PostgreSQL wrote as a `uuid`. */
export function keyOfUuid(uuid: string): EventKey {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1')
}
