import { expect, test } from 'vitest'
import { spanDays, spanName, spanOf } from './reconciliation-span.ts'

const NOW = new Date('2026-11-23T19:38:12.345Z')

test.each([
  [{}, '2026-11-16T19:00:00.000Z', '2026-11-23T19:00:00.000Z'],
  [{ span: '24h' }, '2026-11-22T19:00:00.000Z', '2026-11-23T19:00:00.000Z'],
  [{ span: 'toString' }, '2026-11-16T19:00:00.000Z', '2026-11-23T19:00:00.000Z'],
  [{ span: 'days' }, '2026-11-01T00:00:00.000Z', '2026-11-23T19:00:00.000Z'],
  [
    { span: 'days', from: '2026-10-01', to: '2026-10-31' },
    ...(['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'] as const),
  ],
  [
    { span: 'days', from: '2026-02-31T', to: 'soon' },
    ...(['2026-11-01T00:00:00.000Z', '2026-11-23T19:00:00.000Z'] as const),
  ],
])('%j is compared in whole hours that are over', (search, from, to) => {
  expect(spanOf(search, NOW)).toEqual({ from, to })
})

test('days are those of the month so far until somebody says which', () => {
  expect(spanDays({}, NOW)).toEqual({ from: '2026-11-01', to: '2026-11-23' })
  expect(spanDays({ to: '2026-09-30' }, NOW)).toEqual({ from: '2026-09-01', to: '2026-09-30' })
  expect(spanName({ span: 'days' })).toBe('days')
})
