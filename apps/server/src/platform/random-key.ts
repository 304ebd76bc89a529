import { randomFillSync } from 'node:crypto'

const KEY_BYTES = 16
const pool = Buffer.alloc(KEY_BYTES * 256) // one draw for many keys: each draw costs a microsecond
let used = pool.length

/** 16 bytes from the machine's secure source, as text with one character (U+0000 to U+00FF) a byte. */
export function randomKey(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += KEY_BYTES
  return pool.toString('latin1', used - KEY_BYTES, used)
}
