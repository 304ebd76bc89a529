import type { EventIdentity } from './copy-encoder.ts'
import type { Entry } from './entry.ts'
import { type Fingerprint, isSameContent } from './fingerprint.ts'

const SLOTS = 262_144 // a power of two; about the keys of the last seconds under full load
const WORDS = 7 // environment, key (4), fingerprint (2)

/**
 * The keys that are on their way or were stored a short while ago, so that most repeats are answered
 * without the database. It may forget any of them, and then the database tells.
 *
 * Each key has one slot and shares it with others: the later takes it. Flat arrays, because a `Map` of
 * as many objects costs a microsecond an event in look-ups and garbage collection.
 */
export class KnownKeys {
  private readonly words = new Int32Array(SLOTS * WORDS)
  private readonly isStored = new Uint8Array(SLOTS)
  private readonly onTheirWay = new Array<Entry | null>(SLOTS).fill(null)

  /** The entry that is on its way with this key, or null. */
  entryOf(identity: EventIdentity): Entry | null {
    const slot = slotOf(identity)
    return this.isAt(slot, identity) ? (this.onTheirWay[slot] ?? null) : null
  }

  /** Whether the key is known to be stored: with the same content, with other content, or null. */
  stored(identity: EventIdentity, fingerprint: Fingerprint): 'same' | 'other' | null {
    const slot = slotOf(identity)
    if (this.isStored[slot] === 0 || !this.isAt(slot, identity)) return null
    const at = slot * WORDS
    const { words } = this
    const held = { high: words[at + 5] as number, low: words[at + 6] as number }
    return isSameContent(held, fingerprint) ? 'same' : 'other'
  }

  expect(identity: EventIdentity, entry: Entry): void {
    const slot = slotOf(identity)
    const { words } = this
    const { key } = identity
    const at = slot * WORDS
    words[at] = identity.envId
    words[at + 1] = key.w0
    words[at + 2] = key.w1
    words[at + 3] = key.w2
    words[at + 4] = key.w3
    this.isStored[slot] = 0
    this.onTheirWay[slot] = entry
  }

  /** The entry's key is stored with this content. */
  remember(identity: EventIdentity, entry: Entry, fingerprint: Fingerprint): void {
    const slot = slotOf(identity)
    if (this.onTheirWay[slot] !== entry) return // another key has the slot
    this.onTheirWay[slot] = null
    this.isStored[slot] = 1
    this.words[slot * WORDS + 5] = fingerprint.high
    this.words[slot * WORDS + 6] = fingerprint.low
  }

  /** Nothing is known about the entry's key. */
  forget(identity: EventIdentity, entry: Entry): void {
    const slot = slotOf(identity)
    if (this.onTheirWay[slot] === entry) this.onTheirWay[slot] = null
  }

  /** Forgets what is stored: the database was away, and may have come back as an older self. */
  forgetStored(): void {
    this.isStored.fill(0)
  }

  private isAt(slot: number, { envId, key }: EventIdentity): boolean {
    const at = slot * WORDS
    const { words } = this
    return (
      words[at + 1] === key.w0 &&
      words[at + 2] === key.w1 &&
      words[at + 3] === key.w2 &&
      words[at + 4] === key.w3 &&
      words[at] === envId
    )
  }
}

/** Any bits of a key are as good as random. */
function slotOf({ key }: EventIdentity): number {
  return key.w0 & (SLOTS - 1)
}
