import type { EventKey } from './event-key.ts'

/** Microseconds between 1970 and 2000, where PostgreSQL counts from. */
const MICROS_TO_2000 = 946_684_800_000_000
const HIGH = 2 ** 32
const SHORT_TEXT = 24 // below this length a loop beats the call into C++
const QUOTED_TEXT = 128 // the same for JSON's own writer, which is slower to call
const UTF8_BYTES_MAX = 3 // for one UTF-16 unit
const GROUP_DIGITS = 4 // PostgreSQL keeps a numeric in base 10,000
const NUMERIC_BYTES_MAX = 64 // of 26.12 digits, with its head
const ZERO = 0x30
const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20 // what comes before it is written as an escape
const ASCII_END = 0x80

/**
 * Writes values in PostgreSQL's binary format, each with its length in front, into a Buffer that is
 * reused and grows. The same bytes serve as a field of `COPY`, as an element of an array, and wherever
 * different values must have different bytes.
 */
export class RowWriter {
  private bytes: Buffer
  private length = 0

  constructor(bytesAtFirst: number) {
    this.bytes = Buffer.allocUnsafeSlow(bytesAtFirst)
  }

  /** Begins anew. What `written` gave before is overwritten. */
  reset(): void {
    this.length = 0
  }

  /** Where the next byte goes. */
  position(): number {
    return this.length
  }

  /** What was written from one position to another: a view, valid like that of `written`. */
  between(start: number, end: number): Buffer {
    return this.bytes.subarray(start, end)
  }

  /** How much it can hold without growing. */
  get capacity(): number {
    return this.bytes.length
  }

  /** Everything since the beginning: a view, valid until the next `reset`. */
  written(): Buffer {
    return this.bytes.subarray(0, this.length)
  }

  /** Bare bytes, without a length. */
  append(bytes: Buffer): void {
    this.reserve(bytes.length)
    this.length += bytes.copy(this.bytes, this.length)
  }

  /** A part of them. */
  appendPart(bytes: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    this.length += bytes.copy(this.bytes, this.length, start, end)
  }

  /** Two bare bytes. */
  short(value: number): void {
    this.reserve(2)
    this.putShort(value)
  }

  /** Four bare bytes. */
  long(value: number): void {
    this.reserve(4)
    this.putLong(value)
  }

  missing(): void {
    this.long(-1)
  }

  int4(value: number): void {
    this.reserve(8)
    this.putLong(4)
    this.putLong(value)
  }

  /** `value` is a safe integer. */
  int8(value: number): void {
    this.reserve(12)
    this.putLong(8)
    this.putLong(Math.floor(value / HIGH))
    this.putLong(value) // taken to 32 bits: the low half, also of a negative number
  }

  /** `value` counts microseconds since 1970; exact from the year 1716 to 2255. */
  timestamptz(value: number): void {
    this.int8(value - MICROS_TO_2000)
  }

  /** An `int8` from its two halves. */
  int8Words(high: number, low: number): void {
    this.reserve(12)
    this.putLong(8)
    this.putLong(high)
    this.putLong(low)
  }

  /** Writes over the `int8` that begins at the position. */
  overwriteInt8Words(position: number, high: number, low: number): void {
    const end = this.length
    this.length = position
    this.int8Words(high, low)
    this.length = end
  }

  /** A `uuid` from its four words. */
  uuid(key: EventKey): void {
    this.reserve(20)
    this.putLong(16)
    this.putLong(key.w0)
    this.putLong(key.w1)
    this.putLong(key.w2)
    this.putLong(key.w3)
  }

  text(value: string): void {
    this.reserve(4 + UTF8_BYTES_MAX * value.length)
    const start = this.length
    this.length += 4
    if (value.length > SHORT_TEXT || !this.putAscii(value))
      this.length = start + 4 + this.bytes.write(value, start + 4, 'utf8')
    const end = this.length
    this.length = start
    this.putLong(end - start - 4)
    this.length = end
  }

  /** Begins a text of which other calls write the characters. Returns its position, for `endText`. */
  beginText(): number {
    const position = this.length
    this.long(0)
    return position
  }

  endText(position: number): void {
    const end = this.length
    this.length = position
    this.putLong(end - position - 4)
    this.length = end
  }

  /** A text of JSON, as `JSON.stringify` writes it. */
  quoted(value: string): void {
    this.reserve(2 + UTF8_BYTES_MAX * value.length)
    const start = this.length
    this.bytes[this.length++] = QUOTE
    if (value.length <= QUOTED_TEXT && this.putPlain(value)) {
      this.bytes[this.length++] = QUOTE
      return
    }
    this.length = start
    this.otherCharacters(JSON.stringify(value))
  }

  /** ASCII, without a length. */
  characters(value: string): void {
    this.reserve(value.length)
    this.putAscii(value)
  }

  /** One ASCII character. */
  character(value: string): void {
    this.reserve(1)
    this.bytes[this.length++] = value.charCodeAt(0)
  }

  private otherCharacters(value: string): void {
    this.reserve(UTF8_BYTES_MAX * value.length)
    this.length += this.bytes.write(value, this.length, 'utf8')
  }

  /** A `numeric` from a decimal without sign or exponent; PostgreSQL drops zero groups by itself. */
  numeric(decimal: string): void {
    this.reserve(NUMERIC_BYTES_MAX)
    const point = decimal.indexOf('.')
    const whole = point === -1 ? decimal.length : point
    const scale = point === -1 ? 0 : decimal.length - point - 1
    const wholeGroups = Math.ceil(whole / GROUP_DIGITS)
    const groups = wholeGroups + Math.ceil(scale / GROUP_DIGITS)
    this.putLong(8 + 2 * groups)
    this.putShort(groups)
    this.putShort(wholeGroups - 1) // the power of 10,000 of the first group
    this.putShort(0) // positive
    this.putShort(scale)
    for (let end = whole - GROUP_DIGITS * (wholeGroups - 1); end <= whole; end += GROUP_DIGITS)
      this.putShort(groupOf(decimal, Math.max(0, end - GROUP_DIGITS), end))
    for (let at = whole + 1; at < decimal.length; at += GROUP_DIGITS)
      this.putShort(groupOf(decimal, at, at + GROUP_DIGITS))
  }

  private reserve(count: number): void {
    if (this.length + count > this.bytes.length) this.grow(this.length + count)
  }

  private grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }

  private putShort(value: number): void {
    this.bytes[this.length++] = value >> 8
    this.bytes[this.length++] = value
  }

  private putLong(value: number): void {
    this.bytes[this.length++] = value >> 24
    this.bytes[this.length++] = value >> 16
    this.bytes[this.length++] = value >> 8
    this.bytes[this.length++] = value
  }

  /** False when a character is not ASCII: then what it wrote is to be written over. */
  private putAscii(value: string): boolean {
    for (let at = 0; at < value.length; at++) {
      const character = value.charCodeAt(at)
      if (character >= ASCII_END) return false
      this.bytes[this.length++] = character
    }
    return true
  }

  /** False when JSON writes a character in another way, or it is not ASCII; see `putAscii`. */
  private putPlain(value: string): boolean {
    for (let at = 0; at < value.length; at++) {
      const character = value.charCodeAt(at)
      if (character < SPACE || character >= ASCII_END) return false
      if (character === QUOTE || character === BACKSLASH) return false
      this.bytes[this.length++] = character
    }
    return true
  }
}

/** The number that the digits in `[at, end)` write; beyond the end of the text they are zeros. */
function groupOf(decimal: string, at: number, end: number): number {
  let value = 0
  for (let digit = at; digit < end; digit++)
    value = value * 10 + (digit < decimal.length ? decimal.charCodeAt(digit) - ZERO : 0)
  return value
}
