import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { TypeID } from 'typeid-js'
import { expect, test } from 'vitest'
import { randomKey } from '../platform/random-key.ts'
import { eventIdOf, keyOf, keyOfEventId, keyOfUuid, uuidOf } from './event-key.ts'

const anyKey = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'))

test('is the first 16 bytes of the SHA-256 of the idempotency key', () => {
  const digest = createHash('sha256').update('order-1').digest().subarray(0, 16)
  expect(Buffer.from(keyOf('order-1'), 'latin1')).toEqual(digest)
  expect(uuidOf(keyOf('order-1')).replaceAll('-', '')).toBe(digest.toString('hex'))
})

test('an event id is the TypeID of the key, and leads back to it', () => {
  fc.assert(
    fc.property(anyKey, (key) => {
      const id = eventIdOf(key)
      expect(id).toBe(TypeID.fromUUID('evt', uuidOf(key)).toString())
      expect(keyOfEventId(id)).toBe(key)
      expect(keyOfUuid(uuidOf(key))).toBe(key)
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
  const keys = Array.from({ length: 10_000 }, randomKey)
  expect(new Set(keys).size).toBe(10_000)
  expect(keys.every((key) => key.length === 16)).toBe(true)
})
