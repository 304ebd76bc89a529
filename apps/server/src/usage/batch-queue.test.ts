import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BATCH_ROWS_MAX, BatchQueue } from './batch-queue.ts'
import { Entry, Tally, Ticket } from './entry.ts'
import { keyOf, uuidOf } from './event-key.ts'
import { eventOf, fieldsOf } from './test-rows.ts'

/** `bytes`: of its row. */
function anEntry(key: string, { atMs = 0, bytes = 100 } = {}): Entry {
  const event = eventOf({ name: 'API_CALL', customerId: key }, { envId: 1, nowUs: 0 })
  const ticket = new Ticket({ count: 1, atMs }, new Tally(), () => {})
  return new Entry({ ...event, key: keyOf(key), end: event.start + bytes }, ticket, 0)
}

const namesOf = (entries: readonly Entry[] = []) =>
  entries.map(({ event }) => fieldsOf(event).customer)

describe('a batch', () => {
  test('holds its events in the order of their keys, so that two batches that share keys cannot deadlock', () => {
    const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 200 })
    fc.assert(
      fc.property(keys, (texts) => {
        const queue = new BatchQueue()
        for (const text of texts) queue.push(anEntry(text), false)
        const batch = queue.take()?.entries ?? []
        const uuids = batch.map(({ event }) => uuidOf(event.key))
        expect(uuids).toEqual(texts.map((text) => uuidOf(keyOf(text))).toSorted())
      }),
    )
  })

  test('holds all that waits, up to its limits', () => {
    const queue = new BatchQueue()
    for (let index = 0; index < BATCH_ROWS_MAX + 1; index++) queue.push(anEntry(`k${index}`), false)
    expect(queue.take()?.entries).toHaveLength(BATCH_ROWS_MAX)
    expect(queue.take()?.entries).toHaveLength(1)
    expect(queue.take()).toBeNull()
  })

  test('is cut where it would take too much memory, but never empty', () => {
    const queue = new BatchQueue()
    for (const key of ['a', 'b', 'c']) queue.push(anEntry(key, { bytes: 3_000_000 }), false)
    queue.push(anEntry('d', { bytes: 15_000_000 }), false)
    expect(queue.take()?.entries).toHaveLength(1)
    expect(
      [queue.take(), queue.take(), queue.take()].map((batch) => batch?.entries.length),
    ).toEqual([1, 1, 1])
  })

  test('never mixes events that may collide with others, and the one that waits longer goes first', () => {
    const queue = new BatchQueue()
    queue.push(anEntry('swift', { atMs: 2 }), false)
    queue.push(anEntry('careful', { atMs: 1 }), true)
    queue.push(anEntry('also careful', { atMs: 3 }), true)
    const first = queue.take()
    expect([first?.isCareful, namesOf(first?.entries).toSorted()]).toEqual([
      true,
      ['also careful', 'careful'],
    ])
    const second = queue.take()
    expect([second?.isCareful, namesOf(second?.entries)]).toEqual([false, ['swift']])
  })
})

describe('events that are put back', () => {
  test('go first and with care, since they may be stored already; those that are settled stay away', () => {
    const queue = new BatchQueue()
    const [one, two, settled] = [
      anEntry('one', { atMs: 1 }),
      anEntry('two', { atMs: 2 }),
      anEntry('settled'),
    ]
    queue.push(anEntry('later', { atMs: 3 }), false)
    settled.settleRecorded()
    queue.putBack([two, settled, one])
    expect(queue.length).toBe(3)
    const batch = queue.take()
    expect([batch?.isCareful, namesOf(batch?.entries).toSorted()]).toEqual([true, ['one', 'two']])
  })
})

test('what waits too long is taken out, from both lanes', () => {
  const queue = new BatchQueue()
  for (const atMs of [1, 2, 3]) {
    queue.push(anEntry(`swift ${atMs}`, { atMs }), false)
    queue.push(anEntry(`careful ${atMs}`, { atMs }), true)
  }
  expect(namesOf(queue.removeOlder(3))).toEqual(['swift 1', 'swift 2', 'careful 1', 'careful 2'])
  expect(queue.length).toBe(2)
})
