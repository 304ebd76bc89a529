/**
 * What became of every call of `track` and `send`, at this instant:
 * `produced = delivered + queued + refused + dropped`.
 */
export type Stats = {
  /** Calls, and what was found in the spool of a process that is no more. */
  readonly produced: number
  /** The server has them. */
  readonly delivered: number
  /** Of those delivered: the server had them already. */
  readonly duplicates: number
  /** Waiting, or on their way without an answer yet. */
  readonly queued: number
  /** No events, or none that the server takes. */
  readonly refused: number
  /** Given up for want of room or at the end. */
  readonly dropped: number
  /** Of those produced: found in a spool. */
  readonly recovered: number
  /** `open`: the server failed five times running, and is left alone for a while. */
  readonly circuit: 'closed' | 'open' | 'half_open'
}

/** The counters behind `Stats`. What is queued is counted where it waits. */
export class Ledger {
  produced = 0
  delivered = 0
  duplicates = 0
  refused = 0
  dropped = 0
  recovered = 0
}
