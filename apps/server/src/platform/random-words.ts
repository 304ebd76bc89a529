import { randomFillSync } from 'node:crypto'

const pool = new Int32Array(1_024) // one draw for many words: each draw costs a microsecond
let used = pool.length

/** 32 bits from the machine's secure source, as a signed integer. */
export function randomWord(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return pool[used++] as number
}
