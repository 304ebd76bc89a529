import type { UsageEvent } from './event-rows.ts'
import { type Fingerprint, isSameContent } from './fingerprint.ts'

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
  readonly tally: Tally
  readonly arrivedAtMs: number
  private readonly outcomes: Outcome[]
  private readonly settled: (outcomes: readonly Outcome[]) => void
  private missing: number

  constructor(
    arrival: { readonly count: number; readonly atMs: number },
    tally: Tally,
    settled: (outcomes: readonly Outcome[]) => void,
  ) {
    this.outcomes = new Array<Outcome>(arrival.count)
    this.missing = arrival.count
    this.arrivedAtMs = arrival.atMs
    this.tally = tally
    this.settled = settled
  }

  set(index: number, outcome: Outcome): void {
    this.tally.outcomes[outcome]++
    this.outcomes[index] = outcome
    if (--this.missing === 0) this.settled(this.outcomes)
  }
}

/** No slot: of a key of which nothing is known, or of an event without one. */
export const NOWHERE = -1

/** Somebody who sent a key that was on its way already. */
type Follower = {
  readonly ticket: Ticket
  readonly index: number
  readonly fingerprint: Fingerprint
}

/**
 * An event on its way into the database. Whoever sends the same key meanwhile follows it, and is told in
 * terms of what is stored then.
 */
export class Entry {
  readonly event: UsageEvent
  readonly bytes: number
  isSettled = false
  /** Of its key among the known ones. */
  slot = NOWHERE
  private readonly ticket: Ticket
  private readonly index: number
  private followers: Follower[] | null = null

  /** `index` is the event's place among the outcomes of the ticket. */
  constructor(event: UsageEvent, ticket: Ticket, index: number) {
    this.event = event
    this.ticket = ticket
    this.index = index
    this.bytes = bytesOf(event)
    ticket.tally.inFlightEvents++
    ticket.tally.inFlightBytes += this.bytes
  }

  get arrivedAtMs(): number {
    return this.ticket.arrivedAtMs
  }

  follow(ticket: Ticket, index: number, fingerprint: Fingerprint): void {
    this.followers ??= []
    this.followers.push({ ticket, index, fingerprint })
  }

  /** The event is stored, by us and for the first time. */
  settleRecorded(): void {
    this.settle('recorded', this.event.fingerprint)
  }

  /** The key was stored before, with this content. A random key can only have been stored by us. */
  settleStored(fingerprint: Fingerprint): void {
    const { event } = this
    const isOurs = !event.isKeyed
    this.settle(isOurs ? 'recorded' : repeatOrReuse(event.fingerprint, fingerprint), fingerprint)
  }

  /** Nothing is known to be stored. */
  settleUnstored(outcome: 'unavailable' | 'failed'): void {
    this.settle(outcome, null)
  }

  /** Does nothing for an entry that was given up earlier: its sender has been told. */
  private settle(outcome: Outcome, stored: Fingerprint | null): void {
    if (this.isSettled) return
    this.isSettled = true
    const { ticket, followers } = this
    ticket.tally.inFlightEvents--
    ticket.tally.inFlightBytes -= this.bytes
    ticket.set(this.index, outcome)
    for (const follower of followers ?? [])
      follower.ticket.set(
        follower.index,
        stored === null ? outcome : repeatOrReuse(follower.fingerprint, stored),
      )
  }
}

/** Same key: the same content is a repeat and succeeds; other content would be lost in silence. */
export function repeatOrReuse(sent: Fingerprint, stored: Fingerprint): 'duplicate' | 'reused' {
  return isSameContent(sent, stored) ? 'duplicate' : 'reused'
}

const OBJECT_BYTES = 250 // of an entry and its event, beside the row

/** About what the event takes in memory, and more than what it takes in a statement. */
export function bytesOf({ start, end }: UsageEvent): number {
  return OBJECT_BYTES + end - start
}
