import { expect, test } from 'vitest'
import type { EndpointStatistics } from '../../api/records.ts'
import { momentsOf } from './traffic.ts'

test('hours without requests are there, and the one under way is told from those that are over', () => {
  const seen = { startsAt: '2026-03-01T11:00:00.000Z', requests: 7 }
  const moments = momentsOf(
    {
      from: '2026-03-01T10:00:00.000Z',
      to: '2026-03-01T13:00:00.000Z',
      data: [seen as EndpointStatistics['data'][number]],
    },
    '24h',
    new Date('2026-03-01T12:30:00Z'),
  )
  expect(moments.map(({ id, isOpen, figures }) => [id, isOpen, figures?.requests])).toEqual([
    ['2026-03-01T10:00:00.000Z', false, undefined],
    ['2026-03-01T11:00:00.000Z', false, 7],
    ['2026-03-01T12:00:00.000Z', true, undefined],
  ])
})

test('an hour is shown by minutes', () => {
  const from = '2026-03-01T11:59:00.000Z'
  const to = '2026-03-01T12:02:00.000Z'
  const moments = momentsOf({ from, to, data: [] }, '1h', new Date(to))
  expect(moments.map(({ id }) => id.slice(11, 16))).toEqual(['11:59', '12:00', '12:01'])
})
