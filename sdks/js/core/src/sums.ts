import { SCALED_END, type Scaled, scaled, scaledText } from './amount.ts'
import { bytesOf } from './entry-queue.ts'
import type { ReadEvent } from './event.ts'

type Sum = { readonly event: ReadEvent; readonly timestamp: string; amount: Scaled; count: number }

/** One event that stands for `count` calls. */
export type Summed = {
  readonly event: ReadEvent
  readonly timestamp: string
  readonly count: number
}

/**
 * Usage of the same customer, name and metadata, added up exactly until it is taken. A sum has the time
 * of its first usage, and lives no longer than the time between two flushes.
 */
export class Sums {
  #sums = new Map<string, Sum>()
  #count = 0
  #bytes = 0

  get length(): number {
    return this.#sums.size
  }

  /** About what they will take as events. */
  get bytes(): number {
    return this.#bytes
  }

  /** The calls that the sums stand for. */
  get count(): number {
    return this.#count
  }

  /** Adds to a sum that is there. Whether there is one that can hold it. */
  add(event: ReadEvent): boolean {
    const sum = this.#sums.get(keyOf(event))
    const amount = (sum?.amount ?? 0n) + scaled(event.amount)
    if (sum === undefined || amount >= SCALED_END) return false
    sum.amount = amount
    sum.count += 1
    this.#count += 1
    return true
  }

  /** Begins a sum with the event. Returns the one that it takes the place of: a sum that is full. */
  begin(event: ReadEvent, timestamp: string): Summed | null {
    const key = keyOf(event)
    const full = this.#sums.get(key)
    this.#sums.set(key, { event, timestamp, amount: scaled(event.amount), count: 1 })
    this.#count += 1 - (full?.count ?? 0)
    if (!full) this.#bytes += bytesOf(key)
    return full ? summed(full) : null
  }

  /** Takes all sums. */
  take(): Summed[] {
    const sums = [...this.#sums.values()].map(summed)
    this.#sums = new Map()
    this.#count = 0
    this.#bytes = 0
    return sums
  }
}

/** What has a key or a time of its own is an event of its own. */
export function isSummable(event: ReadEvent): boolean {
  return event.timestamp === null && event.idempotencyKey === null
}

function keyOf({ name, customerId, metadata }: ReadEvent): string {
  return JSON.stringify([name, customerId, metadata])
}

function summed({ event, timestamp, amount, count }: Sum): Summed {
  return { event: { ...event, amount: scaledText(amount) }, timestamp, count }
}
