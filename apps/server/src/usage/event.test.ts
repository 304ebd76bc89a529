import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStrictJson } from '../platform/http/strict-json.ts'
import { readEvent } from './event.ts'
import { uuidOf } from './event-key.ts'
import { type UsageEvent, writeRows } from './event-rows.ts'
import type { Fingerprint } from './fingerprint.ts'
import { eventOf, fieldsOf } from './test-rows.ts'

const arrival = { envId: 7, nowUs: 1_772_368_496_789_000 }

/** The event that this JSON text makes. */
function stored(json: string): UsageEvent {
  return eventOf(parseStrictJson(Buffer.from(json)) as object, arrival)
}

function fingerprint(fields: string): Fingerprint {
  return stored(`{"name":"API_CALL","customerId":"c1"${fields === '' ? '' : `,${fields}`}}`)
    .fingerprint
}

describe('readEvent', () => {
  test('takes the two required fields and fills in the rest', () => {
    const event = stored('{"name":"API_CALL","customerId":"user_123"}')
    const { key, envId, isKeyed, fingerprint } = event
    expect({ envId, isKeyed }).toEqual({ envId: 7, isKeyed: false })
    expect(fieldsOf(event)).toEqual({
      env_id: 7,
      key: uuidOf(key).replaceAll('-', ''),
      fingerprint: (BigInt(fingerprint.high) << 32n) | BigInt(fingerprint.low >>> 0),
      name: 'API_CALL',
      customer: 'user_123',
      amount: '00010000000000000001', // 1: one group, of power 0, positive, no digits after the point
      metadata: null,
      occurred_at: BigInt(arrival.nowUs),
      sequence: 0n,
      key_text: null,
      import_no: null,
    })
  })

  test('keeps every field as sent, and the keys of the metadata in order', () => {
    const json =
      '{"name":"T","customerId":"c","amount":"0.000000000001","metadata":{"b":[1,true,null],"a":{"__proto__":"x"}},"timestamp":"2026-03-01T12:00:00.000001+01:00","sequence":-9007199254740991,"idempotencyKey":"k 1"}'
    const body = {
      ...JSON.parse(json.replace('"sequence":-9007199254740991', '"sequence":-5')),
      sequence: -9007199254740991,
    }
    const event = eventOf(body, arrival, 3)
    expect(event.isKeyed).toBe(true)
    expect(fieldsOf(event)).toMatchObject({
      amount: '000400000000000c0000000000000001',
      metadata: '{"a":{"__proto__":"x"},"b":[1,true,null]}',
      occurred_at: 1_772_362_800_000_001n,
      sequence: -9007199254740991n,
      key_text: 'k 1',
      import_no: 3,
    })
  })

  test('the same idempotency key is the same key of the event, whatever else differs', () => {
    const one = stored('{"name":"A","customerId":"c","idempotencyKey":"k"}')
    const other = stored('{"name":"B","customerId":"d","idempotencyKey":"k"}')
    expect(one.key).toEqual(other.key)
    expect(one.fingerprint).not.toEqual(other.fingerprint)
  })

  test.each([
    ['not an object', '[]'],
    ['null', 'null'],
    ['no name', '{"customerId":"c"}'],
    ['no customer', '{"name":"n"}'],
    ['an empty name', '{"name":"","customerId":"c"}'],
    ['a name of 101', `{"name":"${'n'.repeat(101)}","customerId":"c"}`],
    ['an empty customer', '{"name":"n","customerId":""}'],
    ['a customer of 256', `{"name":"n","customerId":"${'c'.repeat(256)}"}`],
    ['a number as customer', '{"name":"n","customerId":5}'],
    ['the field of the other route', '{"metric":"n","customerId":"c"}'],
    ['an unknown field', '{"name":"n","customerId":"c","envId":1}'],
    ['__proto__ as a field', '{"name":"n","customerId":"c","__proto__":{}}'],
    ['constructor as a field', '{"name":"n","customerId":"c","constructor":{}}'],
    ['an empty key', '{"name":"n","customerId":"c","idempotencyKey":""}'],
    ['a key of 256', `{"name":"n","customerId":"c","idempotencyKey":"${'k'.repeat(256)}"}`],
    ['a key with a line break', '{"name":"n","customerId":"c","idempotencyKey":"a\\nb"}'],
    ['a key beyond ASCII', '{"name":"n","customerId":"c","idempotencyKey":"ключ"}'],
    ['a fractional sequence', '{"name":"n","customerId":"c","sequence":1.5}'],
    ['a sequence as text', '{"name":"n","customerId":"c","sequence":"1"}'],
    ['a timestamp as number', '{"name":"n","customerId":"c","timestamp":1740000000}'],
    ['null as amount', '{"name":"n","customerId":"c","amount":null}'],
    ['null as metadata', '{"name":"n","customerId":"c","metadata":null}'],
    ['an array as metadata', '{"name":"n","customerId":"c","metadata":[]}'],
  ])('refuses %s as malformed', (_what, json) => {
    expect(() => stored(json)).toThrow(
      expect.objectContaining({ kind: 'malformed', code: 'usage.malformed' }),
    )
  })

  test.each([
    ['50 entries', metadataOf(50), true],
    ['51 entries', metadataOf(51), false],
    ['51 entries, most of them nested', `{"a":{"b":[${Array(49).fill(1)}]}}`, false],
    ['three levels', '{"a":{"b":{"c":1}}}', true],
    ['four levels', '{"a":{"b":{"c":{}}}}', false],
    ['a key of 100', `{"${'k'.repeat(100)}":1}`, true],
    ['a key of 101', `{"${'k'.repeat(101)}":1}`, false],
    ['a nested key of 101', `{"a":{"${'k'.repeat(101)}":1}}`, false],
    ['a value of 2,048', `{"k":"${'v'.repeat(2_048)}"}`, true],
    ['a value of 2,049', `{"k":"${'v'.repeat(2_049)}"}`, false],
    ['an element of 2,049', `{"k":["${'v'.repeat(2_049)}"]}`, false],
  ])('at the border of metadata: %s', (_what, metadata, isFine) => {
    const send = () => stored(`{"name":"n","customerId":"c","metadata":${metadata}}`)
    if (isFine) expect(JSON.parse(String(fieldsOf(send()).metadata))).toEqual(JSON.parse(metadata))
    else expect(send).toThrow(expect.objectContaining({ code: 'usage.malformed' }))
  })
})

describe('the fingerprint', () => {
  test.each([
    ['', '"amount":1'],
    ['"amount":1', '"amount":1.0'],
    ['"amount":1', '"amount":1e0'],
    ['"amount":1', '"amount":"1"'],
    ['"amount":1', '"amount":"1.000"'],
    ['"amount":1000', ' "amount" : 1e3 '],
    ['"amount":0.1', '"amount":"0.10"'],
    ['', '"metadata":{}'],
    ['', '"sequence":0'],
    ['', '"sequence":-0'],
    ['"metadata":{"a":1,"b":2}', '"metadata":{"b":2,"a":1}'],
    ['"metadata":{"a":1.0}', '"metadata":{"a":1}'],
    [
      '"metadata":{"a":{"x":[1,{"p":1,"q":2}],"y":2}}'.replace('{"p":1,"q":2}', '3'),
      '"metadata":{"a":{"y":2,"x":[1,3]}}',
    ],
    ['"metadata":{"10":1,"9":2,"a":3}', '"metadata":{"a":3,"9":2,"10":1}'],
    ['"metadata":{"\\u0061":"\\u00e9"}', '"metadata":{"a":"é"}'],
    ['"timestamp":"2026-03-01T12:00:00Z"', '"timestamp":"2026-03-01T13:00:00.000+01:00"'],
    ['"amount":5,"sequence":2', '"sequence":2,"amount":5'],
    ['"importId":"imp_1"', ''],
  ])('is one for %j and %j, which say the same', (one, other) => {
    expect(fingerprint(one)).toEqual(fingerprint(other))
  })

  test.each([
    ['"amount":1', '"amount":2'],
    ['"amount":1', '"amount":"1.000000000001"'],
    ['', '"timestamp":"2026-03-01T12:34:56.789Z"'],
    ['"timestamp":"2026-03-01T12:00:00Z"', '"timestamp":"2026-03-01T12:00:00.000001Z"'],
    ['', '"sequence":1'],
    ['', '"metadata":{"a":1}'],
    ['"metadata":{"a":1}', '"metadata":{"a":"1"}'],
    ['"metadata":{"a":[1,2]}', '"metadata":{"a":[2,1]}'],
    ['"metadata":{"a":null}', '"metadata":{"b":null}'],
    ['"metadata":{"a":{"b":1}}', '"metadata":{"a":{},"b":1}'],
  ])('differs for %j and %j', (one, other) => {
    expect(fingerprint(one)).not.toEqual(fingerprint(other))
  })

  test('leaves a time out that a library wrote at the sending, and keeps it all the same', () => {
    const at = (second: number, isTimeIncidental: boolean) => {
      const timestamp = `2026-03-01T12:00:0${second}Z`
      const sent = readEvent({ name: 'a', customerId: 'b', timestamp }, 'name')
      return writeRows((rows) => rows.add({ ...sent, isTimeIncidental }, arrival, null))
    }
    expect(at(1, true).fingerprint).toEqual(at(2, true).fingerprint)
    expect(at(1, false).fingerprint).not.toEqual(at(2, false).fingerprint)
    expect(fieldsOf(at(1, true)).occurred_at).not.toEqual(fieldsOf(at(2, true)).occurred_at)
  })

  test('cannot be shifted from one field into the next', () => {
    const one = stored('{"name":"a","customerId":"b1"}')
    const other = stored('{"name":"a1","customerId":"b"}')
    expect(one.fingerprint).not.toEqual(other.fingerprint)
  })

  test('does not depend on the order of any metadata', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.integer(), fc.boolean())
    const flat = fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), value, {
      maxKeys: 8,
    })
    fc.assert(
      fc.property(flat, fc.infiniteStream(fc.nat()), (metadata, chance) => {
        const shuffled = Object.entries(metadata)
          .map(([key, member]) => [chance.next().value, key, member] as const)
          .sort(([one], [other]) => one - other)
          .map(([, key, member]) => `${JSON.stringify(key)}:${JSON.stringify(member)}`)
        expect(fingerprint(`"metadata":{${shuffled}}`)).toEqual(
          fingerprint(`"metadata":${JSON.stringify(metadata)}`),
        )
      }),
    )
  })
})

function metadataOf(count: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`key${i}`, i])))
}
