import { failures } from '../errors.ts'
import type { EventDetails, UsageEvent } from '../event.ts'
import { passThrough } from './pass-through.ts'
import { type ByteUnit, byteAmount, gigabyteHours } from './quantities.ts'
import { eventOf, type Tracker, trackMade, unreadable } from './tracking.ts'

/** `unit` is what the amount is counted in. Default: gigabytes of 10^9 bytes. */
export type ByteDetails = EventDetails & { readonly unit?: ByteUnit | undefined }

/** So many bytes held for so long. */
export type StorageTime = { readonly bytes: number | bigint; readonly ms: number | bigint }

/** The event of bytes that are held or have passed. */
export function byteEvent(details: ByteDetails, bytes: number | bigint): UsageEvent {
  const { unit = 'GB', ...rest } = details
  return eventOf(rest, { amount: byteAmount(bytes, unit) })
}

/** The event of bytes held for a time, in GB-hours. */
export function storageTimeEvent(details: EventDetails, { bytes, ms }: StorageTime): UsageEvent {
  return eventOf(details, { amount: gigabyteHours(bytes, ms) })
}

/** Tracks how much a customer holds now: for meters of the last, the highest or the average value. */
export function trackStorage(client: Tracker, details: ByteDetails, bytes: number | bigint): void {
  trackMade(client, () => byteEvent(details, bytes))
}

/** Tracks GB-hours: for meters that sum. */
export function trackStorageTime(client: Tracker, details: EventDetails, held: StorageTime): void {
  trackMade(client, () => storageTimeEvent(details, held))
}

/**
 * Passes bytes or text on as they come, and tracks how many bytes when the stream ends: also when it fails or is
 * left early, then those that passed. Nothing that passed is no event.
 */
export function trackBytes<T extends Uint8Array | string>(
  client: Tracker,
  details: ByteDetails,
  stream: AsyncIterable<T>,
): AsyncIterableIterator<T> {
  const meter = new ByteMeter(client, details)
  return passThrough(stream, { see: (piece) => meter.add(sizeOf(piece)), end: () => meter.end() })
}

/** Tracks bytes that are told to it. Never throws. */
export class ByteMeter {
  readonly #client: Tracker
  readonly #details: ByteDetails
  #bytes = 0n
  #failure: unknown = null
  #hasEnded = false

  constructor(client: Tracker, details: ByteDetails) {
    this.#client = client
    this.#details = details
  }

  add(bytes: number): void {
    try {
      this.#bytes += BigInt(byteAmount(bytes, 'byte'))
    } catch (error) {
      this.#failure ??= unreadable(error)
    }
  }

  /** Tracks what was added until now; once. */
  end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    trackMade(this.#client, () => {
      if (this.#failure !== null) throw failures.invalid('stream', 'must be of bytes or text')
      return this.#bytes === 0n ? null : byteEvent(this.#details, this.#bytes)
    })
  }
}

/** Text is counted as UTF-8. Of what is neither there is no size, which the meter refuses. */
function sizeOf(piece: unknown): number {
  if (piece instanceof Uint8Array) return piece.byteLength
  return typeof piece === 'string' ? new TextEncoder().encode(piece).byteLength : Number.NaN
}
