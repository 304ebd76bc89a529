/** An event that waits to be sent. */
export type Entry = {
  /** Grows by one with each entry. */
  readonly sequence: number
  readonly json: string
  /** How many calls it stands for. */
  readonly count: number
}

const ENTRY_BYTES = 120 // of an entry beside its text
const REMOVED_MAX = 4_096 // below it the array is left as it is

/** First in, first out, and bounded. */
export class EntryQueue {
  readonly #eventsMax: number
  readonly #bytesMax: number
  #entries: Entry[] = []
  #first = 0
  #lastSequence = 0
  #bytes = 0
  #count = 0

  constructor(eventsMax: number, bytesMax: number) {
    this.#eventsMax = eventsMax
    this.#bytesMax = bytesMax
  }

  get length(): number {
    return this.#entries.length - this.#first
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The calls that the entries stand for. */
  get count(): number {
    return this.#count
  }

  /** Whether the text fits in beside what will come. */
  hasRoom(json: string, toCome: { readonly length: number; readonly bytes: number }): boolean {
    return (
      this.length + toCome.length < this.#eventsMax &&
      this.#bytes + toCome.bytes + bytesOf(json) <= this.#bytesMax
    )
  }

  /** Does not ask for room: what was taken earlier is never dropped here. */
  push(json: string, count: number): Entry {
    this.#lastSequence += 1
    const entry = { sequence: this.#lastSequence, json, count }
    this.#entries.push(entry)
    this.#bytes += bytesOf(json)
    this.#count += count
    return entry
  }

  /** The first entries, which stay: at least one, and no more than the limits say. */
  peek(eventsMax: number, bytesMax: number): Entry[] {
    let bytes = 0
    let end = this.#first
    while (end < this.#entries.length && end - this.#first < eventsMax) {
      bytes += bytesOf((this.#entries[end] as Entry).json)
      if (bytes > bytesMax && end > this.#first) break
      end += 1
    }
    return this.#entries.slice(this.#first, end)
  }

  /** Every entry, oldest first. */
  all(): Entry[] {
    return this.#entries.slice(this.#first)
  }

  /** Takes the first `length` entries out. */
  remove(length: number): void {
    for (const entry of this.#entries.slice(this.#first, this.#first + length)) {
      this.#bytes -= bytesOf(entry.json)
      this.#count -= entry.count
    }
    this.#first += length
    if (this.length === 0 || this.#first > REMOVED_MAX) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }
}

/** At least what it takes in memory and on the wire: a character beyond ASCII is up to three bytes. */
export function bytesOf(json: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  return ENTRY_BYTES + (/^[\x00-\x7f]*$/.test(json) ? json.length : 3 * json.length)
}
