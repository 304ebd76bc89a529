import { expect, test } from 'vitest'
import { type Status, type Step, statusAfter } from './subscription.ts'

const POSSIBLE: readonly (readonly [Status, Step, Status | null])[] = [
  ['active', 'suspend', 'suspended'],
  ['active', 'resume', null],
  ['active', 'cancel', 'canceled'],
  ['active', 'end', 'canceled'],
  ['suspended', 'suspend', null],
  ['suspended', 'resume', 'active'],
  ['suspended', 'cancel', 'canceled'],
  ['suspended', 'end', 'canceled'],
  ['canceled', 'suspend', null],
  ['canceled', 'resume', null],
  ['canceled', 'cancel', null],
  ['canceled', 'end', null],
]

test.each(POSSIBLE)('%s, then %s: %s', (status, step, next) => {
  if (next) expect(statusAfter(status, step)).toBe(next)
  else expect(() => statusAfter(status, step)).toThrow(`cannot ${step}`)
})

test('an impossible step says what is possible', () => {
  expect(() => statusAfter('suspended', 'suspend')).toThrow(
    expect.objectContaining({
      kind: 'conflict',
      details: { status: 'suspended', possible: ['resume', 'cancel'] },
    }),
  )
})
