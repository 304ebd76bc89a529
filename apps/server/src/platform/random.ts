import { randomBytes } from 'node:crypto'

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const UNBIASED_BELOW = 248 // 4 × 62: bytes from here on would favour the first letters

/** `length` characters of base62 from the machine's secure source: 5.95 bits each. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < UNBIASED_BELOW && text.length < length) text += BASE62[byte % BASE62.length]
    }
  }
  return text
}

/** A non-negative integer in base62, padded to `length`. */
export function base62(value: number, length: number): string {
  let text = ''
  for (let rest = value; rest > 0 || text === ''; rest = Math.floor(rest / BASE62.length))
    text = `${BASE62[rest % BASE62.length]}${text}`
  return text.padStart(length, '0')
}

/** `bytes` bytes from the machine's secure source, in base64. */
export function randomBase64(bytes: number): string {
  return randomBytes(bytes).toString('base64')
}
