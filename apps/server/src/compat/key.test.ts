import { describe, expect, test } from 'vitest'
import { keyFor } from './key.ts'

describe('the key of an event of another product', () => {
  test('can be read, and written by hand', () => {
    expect(keyFor('dodo', 'api_call_1')).toBe('dodo:api_call_1')
    expect(keyFor('openmeter', '@openmeter/sdk', 'a:b')).toBe('openmeter:%40openmeter%2Fsdk:a%3Ab')
  })

  test('is never that of other names, or of another product', () => {
    const keys = [
      ...[keyFor('a', 'b', 'c'), keyFor('a', 'b:c'), keyFor('a', 'b', '', 'c'), keyFor('a', 'bc')],
      ...[keyFor('a', 'b%3Ac'), keyFor('b', 'b', 'c')],
      ...[keyFor('a', 'x'.repeat(300)), keyFor('a', 'x'.repeat(301))],
    ]
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('is one that our own API takes, however long and strange the name', () => {
    const own = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/
    for (const name of ['x'.repeat(300), 'ü'.repeat(255), '\u0001', ' ', 'ア'])
      expect(keyFor('dodo', name)).toMatch(own)
    expect(keyFor('dodo', 'x'.repeat(300))).not.toBe(keyFor('dodo', 'x'.repeat(301)))
  })
})
