import fc from 'fast-check'
import { expect, test } from 'vitest'
import { splitByHour } from './slice.ts'

const at = (text: string) => new Date(`2026-03-01T${text}Z`)
const span = (from: string, to: string) => ({ from: at(from), to: at(to) })

test.for([
  ['whole hours', '10:00:00', '12:00:00', ['10:00:00', '12:00:00'], []],
  [
    'half hours on both sides',
    '10:30:00',
    '12:30:00',
    ['11:00:00', '12:00:00'],
    [
      ['10:30:00', '11:00:00'],
      ['12:00:00', '12:30:00'],
    ],
  ],
  ['an edge and nothing whole', '10:30:00', '11:00:00', null, [['10:30:00', '11:00:00']]],
  [
    'two edges that meet',
    '10:30:00',
    '11:30:00',
    null,
    [
      ['10:30:00', '11:00:00'],
      ['11:00:00', '11:30:00'],
    ],
  ],
  ['within one hour', '10:10:00', '10:20:00', null, [['10:10:00', '10:20:00']]],
  ['nothing', '10:10:00', '10:10:00', null, []],
] as const)('splits %s', ([, from, to, hours, edges]) => {
  expect(splitByHour(span(from, to))).toEqual({
    hours: hours && span(hours[0], hours[1]),
    edges: edges.map(([start, end]) => span(start, end)),
  })
})

test('the pieces tile the span, and only the middle is whole hours', () => {
  const instant = fc.date({ min: at('00:00:00'), max: at('06:00:00'), noInvalidDate: true })
  fc.assert(
    fc.property(instant, instant, (from, to) => {
      const { hours, edges } = splitByHour({ from, to })
      const pieces = [...edges, ...(hours ? [hours] : [])].sort(
        (a, b) => a.from.getTime() - b.from.getTime(),
      )
      const length = pieces.reduce(
        (sum, piece) => sum + piece.to.getTime() - piece.from.getTime(),
        0,
      )
      expect(length).toBe(Math.max(0, to.getTime() - from.getTime()))
      for (const [n, piece] of pieces.entries())
        expect(piece.from).toEqual(n === 0 ? from : pieces[n - 1]?.to)
    }),
  )
})
