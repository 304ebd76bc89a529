import { expect, test } from 'vitest'
import { readEvent } from './event.ts'
import { isSummable, Sums } from './sums.ts'

const NOW = '2026-03-01T00:00:00.000Z'

/** Adds as the client does. */
function sumOf(...events: object[]) {
  const sums = new Sums()
  const full = events.map((event) => {
    const read = readEvent({ name: 'TOKENS', customerId: 'a', ...event })
    return sums.add(read) ? null : sums.begin(read, NOW)
  })
  return { sums, full: full.filter((one) => one !== null) }
}

test('adds up exactly what has the same customer, name and metadata, and nothing else', () => {
  const metadata = { model: 'large' }
  const { sums } = sumOf(
    ...Array.from({ length: 10 }, () => ({ amount: 0.1 })),
    ...[{ customerId: 'b' }, { name: 'CALLS' }, { metadata }, { metadata, amount: '0.5' }],
  )
  expect([sums.length, sums.count]).toEqual([4, 14])
  const taken = sums.take().map(({ event, count }) => [event.name, event.amount, count])
  expect(taken).toEqual([
    ['TOKENS', '1', 10],
    ['TOKENS', '1', 1],
    ['CALLS', '1', 1],
    ['TOKENS', '1.5', 2],
  ])
  expect([sums.length, sums.count, sums.bytes]).toEqual([0, 0, 0])
})

test('a sum that would be more than an event can say goes, and another begins', () => {
  const amount = '99999999999999999999999999'
  const { sums, full } = sumOf({ amount }, { amount }, { amount: '0.5' })
  expect(full.map(({ event, count }) => [event.amount, count])).toEqual([[amount, 1]])
  expect(sums.count).toBe(2)
  const [left] = sums.take()
  expect(left?.event.amount).toBe(`${amount}.5`)
})

test('what has a key or a time of its own is not summed', () => {
  const event = { name: 'a', customerId: 'b' }
  expect(isSummable(readEvent(event))).toBe(true)
  expect(isSummable(readEvent({ ...event, idempotencyKey: 'k' }))).toBe(false)
  expect(isSummable(readEvent({ ...event, timestamp: NOW }))).toBe(false)
})
