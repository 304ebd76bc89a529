import { expect, test } from 'vitest'
import { readTold } from './hosts.ts'

test('what a host tells of is read', () => {
  const told = { kind: 'dropped', code: 'queue_full', count: 3 }

  expect(readTold(JSON.stringify(told))).toEqual(told)
})

test('a line that says nothing we know is kept as it is, and ends no run', () => {
  expect(readTold('{"kind":"dropped"}{"kind":"dropped"}').kind).toBe(
    '{"kind":"dropped"}{"kind":"dropped"}',
  )
})
