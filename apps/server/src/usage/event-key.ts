import { hash } from 'node:crypto'
import { randomWord } from '../platform/random-words.ts'

/**
 * What tells events of one environment apart: the 16 bytes of a `uuid`, as four signed words of 32
 * bits. Words rather than text or a Buffer, because millions of them are made, compared and dropped.
 */
export type EventKey = {
  readonly w0: number
  readonly w1: number
  readonly w2: number
  readonly w3: number
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, as in TypeID
const ID_SHAPE = /^evt_([0-7][0-9a-hjkmnp-tv-z]{25})$/
const DIGITS = Buffer.from(ALPHABET)

/** Of an id: `evt_` and 26 digits. */
export const EVENT_ID_BYTES = 30

/** The key of the event that was sent with this idempotency key. */
export function keyOf(idempotencyKey: string): EventKey {
  return keyAt(hash('sha256', idempotencyKey, 'binary'), 0)
}

/** The key of an event that was sent without one. */
export function randomKey(): EventKey {
  return { w0: randomWord(), w1: randomWord(), w2: randomWord(), w3: randomWord() }
}

/** The word that four characters of one byte each write at `at`. */
export function wordAt(bytes: string, at: number): number {
  return (
    (bytes.charCodeAt(at) << 24) |
    (bytes.charCodeAt(at + 1) << 16) |
    (bytes.charCodeAt(at + 2) << 8) |
    bytes.charCodeAt(at + 3)
  )
}

function keyAt(bytes: string, at: number): EventKey {
  return {
    w0: wordAt(bytes, at),
    w1: wordAt(bytes, at + 4),
    w2: wordAt(bytes, at + 8),
    w3: wordAt(bytes, at + 12),
  }
}

const scratch = Buffer.from('evt_'.padEnd(EVENT_ID_BYTES))

/** The event's name outside, `evt_…`: the TypeID of its key. */
export function eventIdOf(key: EventKey): string {
  writeEventId(key, scratch, 0)
  return scratch.toString('latin1')
}

/** Writes the event's name outside, which takes `EVENT_ID_BYTES`, at `at`. */
export function writeEventId(key: EventKey, bytes: Buffer, at: number): void {
  bytes.writeInt32BE(EVT_, at)
  // From the end, five bits a digit: 130 bits, the first two of them zero.
  writeDigits(bytes, at + 30, key.w3, 6)
  const w2 = (key.w2 << 2) | (key.w3 >>> 30)
  writeDigits(bytes, at + 24, w2, 6)
  const w1 = (key.w1 << 4) | (key.w2 >>> 28)
  writeDigits(bytes, at + 18, w1, 6)
  const w0 = (key.w0 << 6) | (key.w1 >>> 26)
  writeDigits(bytes, at + 12, w0, 6)
  writeDigits(bytes, at + 6, key.w0 >>> 24, 2)
}

const EVT_ = Buffer.from('evt_').readInt32BE()

/** The last `count` digits of `word`, five bits each, so that they end before `end`. */
function writeDigits(bytes: Buffer, end: number, word: number, count: number): void {
  let rest = word
  for (let at = end - 1; at >= end - count; at--) {
    bytes[at] = DIGITS[rest & 31] as number
    rest >>>= 5
  }
}

/** The key of an event's outside name, or null for text that is not one. */
export function keyOfEventId(eventId: string): EventKey | null {
  const digits = ID_SHAPE.exec(eventId)?.[1]
  if (digits === undefined) return null
  let value = 0n
  for (const digit of digits) value = (value << 5n) | BigInt(ALPHABET.indexOf(digit))
  return keyOfUuid(value.toString(16).padStart(32, '0'))
}

/** The key as PostgreSQL writes a `uuid`. */
export function uuidOf({ w0, w1, w2, w3 }: EventKey): string {
  const hex = [w0, w1, w2, w3].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** The key that PostgreSQL wrote as a `uuid`. */
export function keyOfUuid(uuid: string): EventKey {
  return keyAt(Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('latin1'), 0)
}
