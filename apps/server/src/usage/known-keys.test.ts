import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventIdentity } from './copy-encoder.ts'
import type { Entry } from './entry.ts'
import { KnownKeys } from './known-keys.ts'

const CONTENT = { high: 1, low: -2 }
const OTHER = { high: 1, low: 2 }

/** Nothing of an entry is asked here: which one it is, is enough. */
const anEntry = () => ({}) as Entry

function identity(
  w0: number,
  overrides: Partial<EventIdentity['key']> & { envId?: number } = {},
): EventIdentity {
  const { envId = 1, ...words } = overrides
  return { envId, key: { w0, w1: 5, w2: 6, w3: 7, ...words } }
}

test('knows what is on its way, then what is stored, and nothing of another key or environment', () => {
  const keys = new KnownKeys()
  const entry = anEntry()
  const mine = identity(42)
  keys.expect(mine, entry)
  expect([keys.entryOf(mine), keys.stored(mine, CONTENT)]).toEqual([entry, null])
  keys.remember(mine, entry, CONTENT)
  expect([keys.entryOf(mine), keys.stored(mine, CONTENT), keys.stored(mine, OTHER)]).toEqual([
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
  for (const other of others)
    expect([keys.entryOf(other), keys.stored(other, CONTENT)]).toEqual([null, null])
})

test('of two keys that share a slot it knows the later, and the earlier does no harm', () => {
  const keys = new KnownKeys()
  const [first, second] = [anEntry(), anEntry()]
  const [one, two] = [identity(42), identity(42 + (1 << 18))]
  keys.expect(one, first)
  keys.expect(two, second)
  keys.remember(one, first, CONTENT)
  keys.forget(one, first)
  expect([keys.entryOf(one), keys.stored(one, CONTENT), keys.entryOf(two)]).toEqual([
    null,
    null,
    second,
  ])
})

test('forgets what was not stored, and everything that was when told so', () => {
  const keys = new KnownKeys()
  const [lost, stored] = [anEntry(), anEntry()]
  keys.expect(identity(1), lost)
  keys.expect(identity(2), stored)
  keys.forget(identity(1), lost)
  keys.remember(identity(2), stored, CONTENT)
  keys.forgetStored()
  expect([keys.entryOf(identity(1)), keys.stored(identity(2), CONTENT)]).toEqual([null, null])
})

test('never takes one key for another, whatever comes in whatever order', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  const few = fc.constantFrom(0, 1, 1 << 18, -(2 ** 31))
  const anIdentity = fc.record({
    envId: fc.constantFrom(1, 2),
    key: fc.record({ w0: few, w1: few, w2: few, w3: word }),
  })
  fc.assert(
    fc.property(
      fc.array(anIdentity, { maxLength: 60 }),
      fc.array(anIdentity, { maxLength: 20 }),
      (stored, asked) => {
        const keys = new KnownKeys()
        const names = new Set(stored.map((some) => JSON.stringify(some)))
        for (const some of stored) {
          const entry = anEntry()
          keys.expect(some, entry)
          keys.remember(some, entry, CONTENT)
        }
        for (const some of asked)
          if (keys.stored(some, CONTENT) !== null) expect(names).toContain(JSON.stringify(some))
      },
    ),
  )
})
