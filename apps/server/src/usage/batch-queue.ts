import type { Entry } from './entry.ts'
import type { UsageEvent } from './event-rows.ts'

export const BATCH_ROWS_MAX = 4_000
const BATCH_BYTES_MAX = 4 * 1024 * 1024 // of the estimate of `bytesMax`: what one statement holds in memory

/** Events to write in one statement, in the order of their keys. */
export type Batch = {
  readonly entries: readonly Entry[]
  /** Whether one of the keys may be stored already, so that a plain `COPY` would probably fail. */
  readonly isCareful: boolean
}

/** What waits to be written, in order of arrival, in two lanes that never share a batch. */
export class BatchQueue {
  private readonly swift: Entry[] = []
  private readonly careful: Entry[] = []

  get length(): number {
    return this.swift.length + this.careful.length
  }

  push(entry: Entry, isCareful: boolean): void {
    if (isCareful) this.careful.push(entry)
    else this.swift.push(entry)
  }

  /** Returns events to the head of the queue. Whether they were stored may be unknown. */
  putBack(entries: readonly Entry[]): void {
    const unsettled = entries.filter((entry) => !entry.isSettled)
    unsettled.sort((one, other) => one.arrivedAtMs - other.arrivedAtMs)
    this.careful.unshift(...unsettled)
  }

  /** The next batch, from the lane that has waited longer; null when nothing waits. */
  take(): Batch | null {
    const isCareful = headMs(this.careful) < headMs(this.swift)
    const lane = isCareful ? this.careful : this.swift
    if (lane.length === 0) return null
    return { entries: sortedByKey(lane.splice(0, batchLength(lane))), isCareful }
  }

  /** Removes and returns what arrived before `atMs`. */
  removeOlder(atMs: number): Entry[] {
    return [this.swift, this.careful].flatMap((lane) => {
      let count = 0
      while (count < lane.length && headMs(lane, count) < atMs) count++
      return lane.splice(0, count)
    })
  }
}

function headMs(lane: readonly Entry[], index = 0): number {
  return lane[index]?.arrivedAtMs ?? Number.POSITIVE_INFINITY
}

function batchLength(lane: readonly Entry[]): number {
  let bytes = 0
  for (let count = 0; count < lane.length && count < BATCH_ROWS_MAX; count++) {
    bytes += lane[count]?.bytes ?? 0
    if (bytes > BATCH_BYTES_MAX && count > 0) return count
  }
  return Math.min(lane.length, BATCH_ROWS_MAX)
}

const INDEX_RANGE = 4_096 // above BATCH_ROWS_MAX; with 40 bits of the key in front, still exact in a double

/**
 * The entries in the order of their keys, so that two transactions which share keys meet them in one
 * order and cannot deadlock. Numbers sort ten times as fast as entries with a comparison.
 */
function sortedByKey(entries: readonly Entry[]): Entry[] {
  const ranks = new Float64Array(entries.length)
  entries.forEach((entry, index) => {
    ranks[index] = keyRank(entry.event) * INDEX_RANGE + index
  })
  return Array.from(ranks.sort(), (rank) => entries[indexIn(rank)] as Entry)
}

/** The remainder by `INDEX_RANGE`, for which the processor takes ten times as long. */
function indexIn(rank: number): number {
  return rank - Math.floor(rank / INDEX_RANGE) * INDEX_RANGE
}

/** The first five bytes of the key as a number. */
function keyRank({ key }: UsageEvent): number {
  return (key.w0 >>> 0) * 256 + (key.w1 >>> 24)
}

/** The events of a batch that still wait to be written. */
export function eventsOf(entries: readonly Entry[]): UsageEvent[] {
  const events: UsageEvent[] = []
  for (const { event, isSettled } of entries) if (!isSettled) events.push(event)
  return events
}
