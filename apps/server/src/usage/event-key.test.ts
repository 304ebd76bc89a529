import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { TypeID } from 'typeid-js'
import { expect, test } from 'vitest'
import { eventIdOf, keyOf, keyOfEventId, keyOfUuid, randomKey, uuidOf } from './event-key.ts'

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const anyKey = fc.record({ w0: word, w1: word, w2: word, w3: word })

test('is the first 16 bytes of the SHA-256 of the idempotency key', () => {
  const digest = createHash('sha256').update('order-1').digest().subarray(0, 16)
  expect(uuidOf(keyOf('order-1')).replaceAll('-', '')).toBe(digest.toString('hex'))
})

test('an event id is the TypeID of the key, and leads back to it', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const id = eventIdOf(key)
      expect(id).toBe(TypeID.fromUUID('evt', uuidOf(key)).toString())
      expect(keyOfEventId(id)).toEqual(key)
      expect(keyOfUuid(uuidOf(key))).toEqual(key)
    }),
  )
})

test.each([
  '',
  'evt_',
  'evt_81h455vb4pex5vsknk084sn02q',
  'evt_01h455vb4pex5vsknk084sn02',
  'evt_01h455vb4pex5vsknk084sn02qq',
  'evt_01h455vb4pex5vsknk084sn02u',
  'EVT_01h455vb4pex5vsknk084sn02q',
  'inv_01h455vb4pex5vsknk084sn02q',
  'evt_01H455VB4PEX5VSKNK084SN02Q',
  "evt_'; drop table usage_events; --",
])('%j is no event id', (text) => {
  expect(keyOfEventId(text)).toBeNull()
})

test('random keys differ, however many are drawn', () => {
  const keys = Array.from({ length: 10_000 }, () => uuidOf(randomKey()))
  expect(new Set(keys).size).toBe(10_000)
})
