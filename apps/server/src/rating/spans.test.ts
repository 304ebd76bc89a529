import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, intersection, type Spans, union } from './spans.ts'

const HOURS = 24
const hours = fc.uniqueArray(fc.nat(HOURS - 1))

/** One span for each hour, so that touching ones must be joined. */
function spansOf(set: readonly number[]): Spans {
  return union(
    [],
    set.map((hour) => ({ from: hour, to: hour + 1 })),
  )
}

test('union, intersection and difference agree with sets of hours', () => {
  fc.assert(
    fc.property(hours, hours, (left, right) => {
      const [a, b] = [spansOf(left), spansOf(right)]
      expect(union(a, b)).toEqual(spansOf([...new Set([...left, ...right])]))
      expect(intersection(a, b)).toEqual(spansOf(left.filter((hour) => right.includes(hour))))
      expect(difference(a, b)).toEqual(spansOf(left.filter((hour) => !right.includes(hour))))
    }),
  )
})
