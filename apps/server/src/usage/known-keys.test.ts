import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventIdentity } from './copy-encoder.ts'
import { type Entry, NOWHERE } from './entry.ts'
import { keyOf } from './event-key.ts'
import { KnownKeys } from './known-keys.ts'

const CONTENT = { high: 1, low: -2 }
const OTHER = { high: 1, low: 2 }

/** Nothing else of an entry is asked here: which one it is, is enough. */
const anEntry = (event: EventIdentity) => ({ event, slot: NOWHERE }) as Entry

function identity(
  w0: number,
  overrides: Partial<EventIdentity['key']> & { envId?: number } = {},
): EventIdentity {
  const { envId = 1, ...words } = overrides
  return { envId, key: { w0, w1: 5, w2: 6, w3: 7, ...words } }
}

function expected(keys: KnownKeys, event: EventIdentity): Entry {
  const entry = anEntry(event)
  keys.expect(entry, keys.find(event))
  return entry
}

const entryOf = (keys: KnownKeys, event: EventIdentity) => keys.entryAt(keys.find(event))

const stored = (keys: KnownKeys, event: EventIdentity, content = CONTENT) =>
  keys.storedAt(keys.find(event), content)

test('knows what is on its way, then what is stored, and nothing of another key or environment', () => {
  const keys = new KnownKeys()
  const mine = identity(42)
  const entry = expected(keys, mine)
  expect([entryOf(keys, mine), stored(keys, mine)]).toEqual([entry, null])
  keys.remember(entry, CONTENT)
  expect([entryOf(keys, mine), stored(keys, mine), stored(keys, mine, OTHER)]).toEqual([
    null,
    'same',
    'other',
  ])
  const others = [
    identity(43),
    identity(42, { envId: 2 }),
    identity(42, { w1: 0 }),
    identity(42, { w2: 0 }),
    identity(42, { w3: 0 }),
  ]
  for (const other of others) expect(keys.find(other)).toBe(NOWHERE)
})

test('of keys that share a set it knows the last eight, and the earlier do no harm', () => {
  const keys = new KnownKeys()
  const nth = (index: number) => identity(42 + (index << 15))
  const entries = Array.from({ length: 9 }, (_, index) => expected(keys, nth(index)))
  const first = entries[0] as Entry
  keys.remember(first, CONTENT)
  keys.forget(first)
  expect(stored(keys, nth(0))).toBeNull()
  expect(entries.map((_, index) => entryOf(keys, nth(index)))).toEqual([null, ...entries.slice(1)])
})

test('expects a key anew in the slot which it has', () => {
  const keys = new KnownKeys()
  const [first, second] = [expected(keys, identity(42)), expected(keys, identity(42))]
  keys.remember(first, CONTENT)
  expect([entryOf(keys, identity(42)), stored(keys, identity(42))]).toEqual([second, null])
  for (let times = 0; times < 8; times++) expected(keys, identity(42))
  keys.remember(expected(keys, identity(42 + (1 << 15))), CONTENT)
  expect(entryOf(keys, identity(42))).not.toBeNull()
})

test('an event without a key is in no slot', () => {
  const keys = new KnownKeys()
  const entry = anEntry(identity(42))
  keys.remember(entry, CONTENT)
  keys.forget(entry)
  expect([keys.entryAt(NOWHERE), keys.storedAt(NOWHERE, CONTENT)]).toEqual([null, null])
})

test('knows 99 of 100 of the last 100,000 keys', () => {
  const keys = new KnownKeys()
  const nth = (index: number) => ({ envId: 1, key: keyOf(`key ${index}`) })
  for (let index = 0; index < 400_000; index++) keys.remember(expected(keys, nth(index)), CONTENT)
  let known = 0
  for (let index = 300_000; index < 400_000; index++)
    if (stored(keys, nth(index)) === 'same') known++
  expect(known).toBeGreaterThan(99_000)
})

test('forgets what was not stored, and everything that was when told so', () => {
  const keys = new KnownKeys()
  keys.forget(expected(keys, identity(1)))
  keys.remember(expected(keys, identity(2)), CONTENT)
  keys.forgetStored()
  expect([entryOf(keys, identity(1)), stored(keys, identity(2))]).toEqual([null, null])
})

test('never takes one key for another, whatever comes in whatever order', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const few = fc.constantFrom(0, 1, 1 << 15, -(2 ** 31))
  const anIdentity = fc.record({
    envId: fc.constantFrom(1, 2),
    key: fc.record({ w0: few, w1: few, w2: few, w3: word }),
  })
  fc.assert(
    fc.property(
      fc.array(anIdentity, { maxLength: 60 }),
      fc.array(anIdentity, { maxLength: 20 }),
      (sent, asked) => {
        const keys = new KnownKeys()
        const names = new Set(sent.map((some) => JSON.stringify(some)))
        for (const some of sent) keys.remember(expected(keys, some), CONTENT)
        for (const some of asked)
          if (stored(keys, some) !== null) expect(names).toContain(JSON.stringify(some))
      },
    ),
  )
})
