import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { STATUSES, STEPS, type Status, type Step, statusAfter } from './subscription.ts'

const GUIDE = new URL('../../../../docs/guide/plans-and-subscriptions.md', import.meta.url)

const POSSIBLE: Readonly<Record<Status, string>> = {
  trialing: 'change→trialing end_trial→active cancel→canceled end→canceled',
  active: 'change→active pause→paused suspend→suspended cancel→canceled end→canceled',
  paused: 'change→paused resume→active cancel→canceled end→canceled',
  suspended: 'change→suspended resume→active cancel→canceled end→canceled',
  canceled: '',
}
const ALL_STEPS: readonly Step[] = [
  'change',
  'end_trial',
  'pause',
  'suspend',
  'resume',
  'cancel',
  'end',
]

test.each(STATUSES)('what is possible for one that is %s, and nothing else', (status) => {
  const found = ALL_STEPS.flatMap((step) => {
    const next = STEPS[status][step]
    if (next === undefined) expect(() => statusAfter(status, step)).toThrow(`cannot ${step}`)
    return next === undefined ? [] : `${step}→${statusAfter(status, step)}`
  })
  expect(found.toSorted()).toEqual(POSSIBLE[status].split(' ').filter(Boolean).toSorted())
})

test('the diagram of the guide shows every step and no other', () => {
  const guide = readFileSync(GUIDE, 'utf8')
  const shown = [...guide.matchAll(/^ {4}(\w+) --> (\w+): (.+)$/gm)].flatMap(
    ([, from, to, steps = '']) => steps.split(', ').map((step) => `${from} ${step} ${to}`),
  )
  const known = STATUSES.flatMap((from) =>
    Object.entries(STEPS[from]).map(([step, to]) => `${from} ${step} ${to}`),
  )
  expect(shown.toSorted()).toEqual(known.toSorted())
})

test('an impossible step says what is possible', () => {
  expect(() => statusAfter('suspended', 'suspend')).toThrow(
    expect.objectContaining({
      kind: 'conflict',
      details: { status: 'suspended', possible: ['change', 'resume', 'cancel'] },
    }),
  )
})
