import type { EventIdentity } from './copy-encoder.ts'
import type { Entry } from './entry.ts'

const GENERATION_KEYS = 32_768

/**
 * The keys that are on their way or were stored a short while ago, so that most repeats are answered
 * without the database. It may forget any of them: then the database tells.
 *
 * Two generations, the older dropped whole, because deleting keys one by one costs as much again.
 */
export class KnownKeys {
  private young = new Generation()
  private old = new Generation()

  get(identity: EventIdentity): Entry | undefined {
    return this.young.get(identity) ?? this.old.get(identity)
  }

  set(identity: EventIdentity, entry: Entry): void {
    if (this.young.size >= GENERATION_KEYS) {
      this.old = this.young
      this.young = new Generation()
    }
    this.young.set(identity, entry)
  }

  /** Forgets the key if it still stands for this entry. */
  forget(identity: EventIdentity, entry: Entry): void {
    for (const generation of [this.young, this.old])
      if (generation.get(identity) === entry) generation.delete(identity)
  }

  /** Forgets everything: the database was away, and may have come back as an older self. */
  clear(): void {
    this.young = new Generation()
    this.old = new Generation()
  }
}

class Generation {
  size = 0
  private readonly environments = new Map<number, Map<string, Entry>>()

  get({ envId, key }: EventIdentity): Entry | undefined {
    return this.environments.get(envId)?.get(key)
  }

  set({ envId, key }: EventIdentity, entry: Entry): void {
    let keys = this.environments.get(envId)
    if (!keys) {
      keys = new Map()
      this.environments.set(envId, keys)
    }
    keys.set(key, entry)
    this.size++
  }

  delete({ envId, key }: EventIdentity): void {
    this.environments.get(envId)?.delete(key)
  }
}
