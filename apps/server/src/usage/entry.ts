import type { UsageEvent } from './event.ts'

/**
 * What became of one event: `recorded` now, or a `duplicate` of one that is stored; `reused` when its
 * key has another event; `unavailable` when it could not be stored in time, `overloaded` when there
 * was no room to try, `failed` when PostgreSQL refuses it, which is our mistake.
 */
export const OUTCOMES = [
  'recorded',
  'duplicate',
  'reused',
  'unavailable',
  'overloaded',
  'failed',
] as const

export type Outcome = (typeof OUTCOMES)[number]

/** What all events together have come to, and what those on their way weigh. */
export class Tally {
  readonly outcomes: Record<Outcome, number> = {
    recorded: 0,
    duplicate: 0,
    reused: 0,
    unavailable: 0,
    overloaded: 0,
    failed: 0,
  }
  inFlightEvents = 0
  inFlightBytes = 0
}

/** Collects the outcomes of the events that arrived together, and gives them out when all are known. */
export class Ticket {
  private readonly outcomes: Outcome[]
  readonly tally: Tally
  private readonly settled: (outcomes: readonly Outcome[]) => void
  private missing: number

  constructor(count: number, tally: Tally, settled: (outcomes: readonly Outcome[]) => void) {
    this.outcomes = new Array<Outcome>(count)
    this.missing = count
    this.tally = tally
    this.settled = settled
  }

  set(index: number, outcome: Outcome): void {
    this.tally.outcomes[outcome]++
    this.outcomes[index] = outcome
    if (--this.missing === 0) this.settled(this.outcomes)
  }
}

/** Somebody who sent a key that was on its way already. */
type Follower = { readonly ticket: Ticket; readonly index: number; readonly fingerprint: string }

/**
 * One key on its way into the database. Whoever sends the same key meanwhile follows the first, and is
 * told in terms of what is stored then.
 */
export class Entry {
  readonly arrivedAtMs: number
  readonly bytes: number
  /** Null once the entry is settled: what is known about a key must not hold on to its event. */
  event: UsageEvent | null
  /** Of the event, and once `isStored`, of what holds the key. */
  fingerprint: string
  isStored = false
  private readonly tally: Tally
  private readonly index: number
  private ticket: Ticket | null
  private followers: Follower[] | null = null

  /** `index` is the event's place among the outcomes of the ticket. */
  constructor(event: UsageEvent, ticket: Ticket, index: number, arrivedAtMs: number) {
    this.event = event
    this.fingerprint = event.fingerprint
    this.ticket = ticket
    this.index = index
    this.arrivedAtMs = arrivedAtMs
    this.bytes = bytesOf(event)
    this.tally = ticket.tally
    this.tally.inFlightEvents++
    this.tally.inFlightBytes += this.bytes
  }

  follow(ticket: Ticket, index: number, fingerprint: string): void {
    this.followers ??= []
    this.followers.push({ ticket, index, fingerprint })
  }

  /** The event is stored, by us and for the first time. */
  settleRecorded(): void {
    this.isStored = true
    this.settle('recorded')
  }

  /** The key was stored before, with this content. A random key can only have been stored by us. */
  settleStored(fingerprint: string): void {
    this.isStored = true
    const isOurs = this.event?.keyText === null
    const outcome = isOurs ? 'recorded' : repeatOrReuse(this.fingerprint, fingerprint)
    this.fingerprint = fingerprint
    this.settle(outcome)
  }

  /** Nothing is known to be stored. */
  settleUnstored(outcome: 'unavailable' | 'failed'): void {
    this.settle(outcome)
  }

  private settle(outcome: Outcome): void {
    const { ticket, followers } = this
    if (ticket === null) return // given up earlier; its sender has been told
    this.tally.inFlightEvents--
    this.tally.inFlightBytes -= this.bytes
    this.event = null
    this.ticket = null
    this.followers = null
    ticket.set(this.index, outcome)
    for (const follower of followers ?? [])
      follower.ticket.set(
        follower.index,
        this.isStored ? repeatOrReuse(follower.fingerprint, this.fingerprint) : outcome,
      )
  }
}

/** Same key: the same content is a repeat and succeeds; other content would be lost in silence. */
export function repeatOrReuse(sent: string, stored: string): 'duplicate' | 'reused' {
  return sent === stored ? 'duplicate' : 'reused'
}

const FIXED_BYTES = 160 // of a row: all that is not text
const UTF8_BYTES_MAX = 3 // for one UTF-16 unit

/** An upper bound of what the event takes in a statement, and about what it takes in memory. */
export function bytesOf({ name, customerId, metadata, keyText }: UsageEvent): number {
  const length = name.length + customerId.length + (metadata?.length ?? 0) + (keyText?.length ?? 0)
  return FIXED_BYTES + UTF8_BYTES_MAX * length
}
