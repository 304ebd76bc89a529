import { closeSync, openSync, writeSync } from 'node:fs'

/**
 * What a client meant to do and what it was told, one JSON line each.
 *
 * A line is with the operating system when `write` returns: an intent written before its request is
 * sent is there whatever is killed afterwards, and proves that a stored event was really sent.
 */
export type Journal = {
  write(entry: JournalEntry): void
  close(): void
}

export type JournalEntry = Intent | Attempt | Outcome

/** A request that is about to be sent for the first time. Its retries repeat it to the byte. */
export type Intent = {
  readonly t: 'intent'
  readonly id: string
  /** Milliseconds of real time. */
  readonly at: number
  /** The environment, by its name in `world.json`. */
  readonly environment: string
  readonly route: SendingRoute
  readonly events: readonly IntendedEvent[]
  /** The environment's time cannot be earlier than this, in milliseconds. */
  readonly notBefore: number
}

export type SendingRoute = 'track' | 'event' | 'batch' | 'stream'

/** An event as it stands in the request. What is null was not sent. */
export type IntendedEvent = {
  readonly key: string | null
  readonly name: string
  readonly customer: string
  /** Decimal text; sent as a JSON number or as a string. */
  readonly amount: string | null
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly timestamp: string | null
  readonly sequence: number | null
}

/** The request leaves, for the `n`-th time, to the server named. */
export type Attempt = {
  readonly t: 'attempt'
  readonly id: string
  readonly n: number
  readonly at: number
  readonly server: string
}

/** What came back. Without `results` the answer says nothing definite and the request is repeated. */
export type Outcome = {
  readonly t: 'outcome'
  readonly id: string
  readonly n: number
  readonly at: number
  /** Null when no complete answer came. */
  readonly status: number | null
  readonly reason?: string
  /** One for each event of the intent, in its order. */
  readonly results?: readonly EventResult[]
  /** The environment's time cannot be later than this, in milliseconds. */
  readonly notAfter: number
}

export type EventResult =
  | { readonly status: 'recorded' | 'duplicate'; readonly eventId: string }
  | { readonly status: 'refused'; readonly code: string }
  /** Not stored for now, or nobody knows: to be sent again. */
  | { readonly status: 'unknown'; readonly code: string }

/** Opens a journal, to which lines are only ever added. */
export function openJournal(file: string): Journal {
  return openLines(file)
}

/** The same for lines of any shape. */
export function openLines(file: string): { write(line: object): void; close(): void } {
  const descriptor = openSync(file, 'a')
  return {
    write: (line) => writeWhole(descriptor, Buffer.from(`${JSON.stringify(line)}\n`)),
    close: () => closeSync(descriptor),
  }
}

function writeWhole(descriptor: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written)
}
