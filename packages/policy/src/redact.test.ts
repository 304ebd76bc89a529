import { expect, test } from 'vitest'
import { COLLECTED_FIELDS, redact } from './index.ts'

test('what JSON cannot hold is left out, and undefined says nothing at all', () => {
  const fields = { a: undefined, b: 1n, c: Number.NaN, d: () => 1, e: new Date(0), f: Symbol('x') }
  const { metadata, omitted } = redact({ ...fields, g: 1 }, null)
  expect(metadata).toEqual({ g: 1 })
  expect(omitted).toEqual([...'bcdef'].map((path) => ({ path, why: 'unfit' })))
})

test('half a surrogate pair is left out, since the API would refuse the event', () => {
  expect(redact({ a: 'x\ud83d', '\ude00': 1 }, null).metadata).toEqual({})
})

test('an object that holds itself ends at the third level', () => {
  const fields: Record<string, unknown> = { name: 'x' }
  fields.self = fields
  expect(redact(fields, null).metadata).toEqual({
    name: 'x',
    self: { name: 'x', self: { name: 'x' } },
  })
})

test('neither headers nor bodies are among what is collected without a rule', () => {
  const request = {
    method: 'GET',
    route: '/api/users/:id',
    status: 200,
    headers: { accept: '*/*' },
    body: { note: 'private' },
    query: 'q=private',
  }
  expect(redact(request, COLLECTED_FIELDS).metadata).toEqual({
    method: 'GET',
    route: '/api/users/:id',
    status: 200,
  })
})

test('what is beyond the last that is kept is not even looked at', () => {
  const list = Array(1_000).fill(1)
  Object.defineProperty(list, 60, { get: () => expect.unreachable() })
  const { metadata, omitted } = redact({ list }, null)
  expect(metadata.list).toHaveLength(49)
  expect(omitted).toEqual([{ path: 'list.49', why: 'too_many' }])
})

test('an inherited member is none', () => {
  expect(redact(Object.create({ a: 1 }), null).metadata).toEqual({})
})

test('a name that is a secret itself is left out, and not told', () => {
  const key = ['gh', 'p_', 'abcdefghij0123456789'].join('')
  const { metadata, omitted } = redact({ [key]: true, b: 2 }, null)
  expect(metadata).toEqual({ b: 2 })
  expect(omitted).toEqual([{ path: '…', why: 'secret' }])
})
