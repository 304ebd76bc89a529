/** Microseconds between 1970 and 2000, where PostgreSQL counts from. */
const MICROS_TO_2000 = 946_684_800_000_000
const HIGH = 2 ** 32
const SHORT_TEXT = 24 // below this length a loop beats the call into C++
const GROUP_DIGITS = 4 // PostgreSQL keeps a numeric in base 10,000
const ZERO = 0x30

/**
 * Writes values in PostgreSQL's binary format, each with its length in front, into a Buffer that is
 * reused and grows. The same bytes serve as a field of `COPY` and as an element of an array.
 */
export class RowWriter {
  bytes: Buffer
  length = 0

  constructor(bytesAtFirst: number) {
    this.bytes = Buffer.allocUnsafeSlow(bytesAtFirst)
  }

  /** Makes room for `count` more bytes. Whoever writes must have asked for enough. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(larger, 0, 0, this.length)
    this.bytes = larger
  }

  /** A bare byte, without a length. */
  byte(value: number): void {
    this.bytes[this.length++] = value
  }

  /** Two bare bytes. */
  short(value: number): void {
    this.bytes[this.length++] = value >> 8
    this.bytes[this.length++] = value
  }

  /** Four bare bytes. */
  long(value: number): void {
    this.longAt(this.length, value)
    this.length += 4
  }

  longAt(at: number, value: number): void {
    this.bytes[at] = value >> 24
    this.bytes[at + 1] = value >> 16
    this.bytes[at + 2] = value >> 8
    this.bytes[at + 3] = value
  }

  missing(): void {
    this.long(-1)
  }

  int4(value: number): void {
    this.long(4)
    this.long(value)
  }

  /** `value` is a safe integer. */
  int8(value: number): void {
    this.long(8)
    this.long(Math.floor(value / HIGH))
    this.long(value) // to 32 bits: the low half, also of a negative number
  }

  /** `value` counts microseconds since 1970. */
  timestamptz(value: number): void {
    this.int8(value - MICROS_TO_2000)
  }

  /** Text with one character a byte, like a key or a fingerprint. */
  raw(value: string): void {
    this.long(value.length)
    for (let at = 0; at < value.length; at++) this.bytes[this.length++] = value.charCodeAt(at)
  }

  text(value: string): void {
    const start = this.length
    this.length += 4
    if (value.length > SHORT_TEXT || !this.writeAscii(value))
      this.length = start + 4 + this.bytes.write(value, start + 4, 'utf8')
    this.longAt(start, this.length - start - 4)
  }

  /** False when a character is not ASCII: then nothing counts as written. */
  private writeAscii(value: string): boolean {
    for (let at = 0; at < value.length; at++) {
      const character = value.charCodeAt(at)
      if (character >= 0x80) return false
      this.bytes[this.length++] = character
    }
    return true
  }

  /** A `numeric` from a decimal without sign or exponent; PostgreSQL drops zero groups by itself. */
  numeric(decimal: string): void {
    const point = decimal.indexOf('.')
    const whole = point === -1 ? decimal.length : point
    const scale = point === -1 ? 0 : decimal.length - point - 1
    const wholeGroups = Math.ceil(whole / GROUP_DIGITS)
    const groups = wholeGroups + Math.ceil(scale / GROUP_DIGITS)
    this.long(8 + 2 * groups)
    this.short(groups)
    this.short(wholeGroups - 1) // the power of 10,000 of the first group
    this.short(0) // positive
    this.short(scale)
    for (let end = whole - GROUP_DIGITS * (wholeGroups - 1); end <= whole; end += GROUP_DIGITS)
      this.short(groupOf(decimal, Math.max(0, end - GROUP_DIGITS), end))
    for (let at = whole + 1; at < decimal.length; at += GROUP_DIGITS)
      this.short(groupOf(decimal, at, at + GROUP_DIGITS))
  }
}

/** The number that the digits in `[at, end)` write; beyond the end of the text they are zeros. */
function groupOf(decimal: string, at: number, end: number): number {
  let value = 0
  for (let digit = at; digit < end; digit++)
    value = value * 10 + (digit < decimal.length ? decimal.charCodeAt(digit) - ZERO : 0)
  return value
}
