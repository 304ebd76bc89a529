import type { EventIdentity } from './copy-encoder.ts'
import { type Entry, NOWHERE } from './entry.ts'
import { type Fingerprint, isSameContent } from './fingerprint.ts'

const SETS = 32_768 // a power of two
const WAYS = 8 // the tags of a set are half a line of the processor's cache
const SLOTS = SETS * WAYS // about the keys of the last three seconds under full load
const WORDS = 6 // environment, key (without its tag), fingerprint (2)

/**
 * The keys that are on their way or were stored a short while ago, so that most repeats are answered
 * without the database. It may forget any of them, and then the database tells.
 *
 * Each key belongs to a set of eight slots, and takes that of the oldest there: of the last 100,000 keys
 * 99 in a hundred are known, where one slot for each key would know 83. Flat arrays, because a `Map` of
 * as many objects costs a microsecond an event in look-ups and garbage collection.
 */
export class KnownKeys {
  /** The second word of each key: most others are told apart by it alone. */
  private readonly tags = new Int32Array(SLOTS)
  private readonly words = new Int32Array(SLOTS * WORDS)
  private readonly isStored = new Uint8Array(SLOTS)
  private readonly onTheirWay = new Array<Entry | null>(SLOTS).fill(null)
  /** The oldest slot of each set. */
  private readonly oldest = new Uint8Array(SETS)

  /** The slot of the key, or `NOWHERE`. */
  find(identity: EventIdentity): number {
    const { w1 } = identity.key
    const first = setOf(identity) * WAYS
    for (let slot = first; slot < first + WAYS; slot++)
      if (this.tags[slot] === w1 && this.isAt(slot, identity)) return slot
    return NOWHERE
  }

  /** The entry that is on its way with the key of the slot, or null. */
  entryAt(slot: number): Entry | null {
    return slot === NOWHERE ? null : (this.onTheirWay[slot] ?? null)
  }

  /** Whether the key of the slot is known to be stored: with the same content, with other content, or null. */
  storedAt(slot: number, fingerprint: Fingerprint): 'same' | 'other' | null {
    if (slot === NOWHERE || this.isStored[slot] === 0) return null
    const at = slot * WORDS
    const { words } = this
    const held = { high: words[at + 4] as number, low: words[at + 5] as number }
    return isSameContent(held, fingerprint) ? 'same' : 'other'
  }

  /** The entry is on its way with its key, which `find` found in this slot. */
  expect(entry: Entry, found: number): void {
    const slot = found === NOWHERE ? this.takeOldest(entry.event) : found
    this.isStored[slot] = 0
    this.onTheirWay[slot] = entry
    entry.slot = slot
  }

  /** The entry's key is stored with this content. */
  remember(entry: Entry, fingerprint: Fingerprint): void {
    const { slot } = entry
    if (slot === NOWHERE || this.onTheirWay[slot] !== entry) return // it never had a slot, or another key has it now
    this.onTheirWay[slot] = null
    this.isStored[slot] = 1
    this.words[slot * WORDS + 4] = fingerprint.high
    this.words[slot * WORDS + 5] = fingerprint.low
  }

  /** Nothing is known about the entry's key. */
  forget(entry: Entry): void {
    const { slot } = entry
    if (slot !== NOWHERE && this.onTheirWay[slot] === entry) this.onTheirWay[slot] = null
  }

  /** Forgets what is stored: the database was away, and may have come back as an older self. */
  forgetStored(): void {
    this.isStored.fill(0)
  }

  private isAt(slot: number, { envId, key }: EventIdentity): boolean {
    const at = slot * WORDS
    const { words } = this
    return (
      words[at] === envId &&
      words[at + 1] === key.w0 &&
      words[at + 2] === key.w2 &&
      words[at + 3] === key.w3
    )
  }

  /** Gives the slot of the set's oldest key to this one. */
  private takeOldest(identity: EventIdentity): number {
    const { envId, key } = identity
    const set = setOf(identity)
    const way = this.oldest[set] as number
    this.oldest[set] = (way + 1) % WAYS
    const slot = set * WAYS + way
    const at = slot * WORDS
    const { words } = this
    this.tags[slot] = key.w1
    words[at] = envId
    words[at + 1] = key.w0
    words[at + 2] = key.w2
    words[at + 3] = key.w3
    return slot
  }
}

/** Any bits of a key are as good as random. */
function setOf({ key }: EventIdentity): number {
  return key.w0 & (SETS - 1)
}
