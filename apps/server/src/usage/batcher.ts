import type pg from 'pg'
import type { Stopwatch } from '../platform/clock.ts'
import { sqlState } from '../platform/db/database.ts'
import { type OwnConnection, openOwnConnection } from '../platform/db/own-connection.ts'
import type { Logger } from '../platform/log.ts'
import { type Batch, BatchQueue } from './batch-queue.ts'
import { Entry, NOWHERE, type Outcome, Tally, Ticket } from './entry.ts'
import type { UsageEvent } from './event-rows.ts'
import { EventTable } from './events.store.ts'
import type { Fingerprint } from './fingerprint.ts'
import { KnownKeys } from './known-keys.ts'
import { type Ledger, writeBatch } from './write-batch.ts'

/** Stores events, those of many requests at once. */
export type EventWriter = {
  /** Resolves after the commit, with an outcome for each event in their order. Never rejects. */
  record(events: readonly UsageEvent[]): Promise<readonly Outcome[]>
  /** Takes no more events, writes those on their way, and hangs up. */
  drain(): Promise<void>
  stats(): WriterStats
}

export type WriterStats = Readonly<Tally> & {
  readonly connections: number
  readonly batches: number
  readonly collisions: number
  readonly connectionsLost: number
}

export type WriterOptions = {
  /** Of the connections that the writer opens for itself. */
  readonly connectionConfig: pg.ClientConfig
  readonly log: Logger
  readonly stopwatch: Stopwatch
  readonly limits?: Partial<WriterLimits>
}

export type WriterLimits = {
  /** While one commits, the batch of another is made. */
  readonly connections: number
  /** Beyond either, events are refused: memory is bounded, and waiting longer helps nobody. */
  readonly eventsMax: number
  readonly bytesMax: number
  /** After that time an event is given up, and its sender told to come back. */
  readonly deadlineMs: number
  /** How long an environment whose keys were found stored is written with a look for stored keys first. */
  readonly carefulMs: number
  /** After that time without an answer a connection is taken for dead. */
  readonly answerTimeoutMs: number
}

const LIMITS: WriterLimits = {
  connections: 2,
  eventsMax: 32_768,
  bytesMax: 48 * 1024 * 1024,
  deadlineMs: 6_000, // PostgreSQL is back within 2.5 s of the crash of one of its processes
  carefulMs: 100, // a look for nothing costs as much as a collision
  answerTimeoutMs: 4_000,
}

const CONNECT_TIMEOUT_MS = 2_000
const RECONNECT_MS = 50
const RECONNECT_MS_MAX = 1_000
const SWEEP_MS = 250
const PAUSE_MS = 100 // after PostgreSQL refused a batch that it may take later
const READ_ONLY = '25006'

/** Opens a writer. It connects in the background, and again whenever it must. */
export function openEventWriter(options: WriterOptions): EventWriter {
  const batcher = new Batcher(options, { ...LIMITS, ...options.limits })
  batcher.start()
  return batcher
}

/** A connection that has nothing to do. */
type Idle = { readonly resolve: (batch: Batch | null) => void }

type Writing = { readonly connection: OwnConnection; readonly table: EventTable }

/**
 * Events gather while the batches before them commit, and are written as soon as a connection is
 * idle: the busier, the larger the batches. A timer that waits for more only makes everybody wait.
 */
class Batcher implements EventWriter, Ledger {
  private readonly options: WriterOptions
  private readonly limits: WriterLimits
  private readonly tally = new Tally()
  private readonly keys = new KnownKeys()
  private readonly queue = new BatchQueue()
  private readonly underWay = new Set<Batch>()
  private readonly idle: Idle[] = []
  private readonly carefulUntilMs = new Map<number, number>()
  private readonly counts = { connections: 0, batches: 0, collisions: 0, connectionsLost: 0 }
  private sweeping: NodeJS.Timeout | undefined
  private lanes: Promise<void>[] = []
  private isWaking = false
  private isDraining = false
  private isClosed = false
  private lostAtMs: number

  constructor(options: WriterOptions, limits: WriterLimits) {
    this.options = options
    this.limits = limits
    this.lostAtMs = options.stopwatch()
  }

  start(): void {
    this.lanes = Array.from({ length: this.limits.connections }, () => this.serve())
    this.sweeping = setInterval(() => this.giveUpLate(), SWEEP_MS)
  }

  record(events: readonly UsageEvent[]): Promise<readonly Outcome[]> {
    const nowMs = this.options.stopwatch()
    const refusal = this.refusal(events.length, nowMs)
    return new Promise((resolve) => {
      if (events.length === 0) resolve([])
      const ticket = new Ticket({ count: events.length, atMs: nowMs }, this.tally, resolve)
      for (let index = 0; index < events.length; index++) {
        if (refusal) ticket.set(index, refusal)
        else this.accept(events[index] as UsageEvent, ticket, index, nowMs)
      }
      this.wake()
    })
  }

  private refusal(count: number, nowMs: number): Outcome | null {
    const { inFlightEvents, inFlightBytes } = this.tally
    if (this.isDraining) return 'unavailable'
    if (this.counts.connections === 0 && nowMs - this.lostAtMs > this.limits.deadlineMs)
      return 'unavailable' // waiting in line would only delay the answer
    if (inFlightEvents + count > this.limits.eventsMax || inFlightBytes > this.limits.bytesMax)
      return 'overloaded'
    return null
  }

  private accept(event: UsageEvent, ticket: Ticket, index: number, nowMs: number): void {
    const { isKeyed, fingerprint } = event
    const slot = isKeyed ? this.keys.find(event) : NOWHERE
    const stored = this.keys.storedAt(slot, fingerprint)
    if (stored !== null) {
      ticket.set(index, stored === 'same' ? 'duplicate' : 'reused')
      return
    }
    const first = this.keys.entryAt(slot)
    if (first !== null) {
      first.follow(ticket, index, fingerprint)
      return
    }
    const entry = new Entry(event, ticket, index)
    if (isKeyed) this.keys.expect(entry, slot)
    this.queue.push(entry, this.isCareful(event.envId, nowMs))
  }

  private isCareful(envId: number, nowMs: number): boolean {
    if (this.carefulUntilMs.size === 0) return false
    return nowMs < (this.carefulUntilMs.get(envId) ?? 0)
  }

  /** After the input that is there has been read, so that requests which came together go together. */
  private wake(): void {
    if (this.isWaking || this.idle.length === 0) return
    this.isWaking = true
    setImmediate(() => {
      this.isWaking = false
      while (this.idle.length > 0 && this.queue.length > 0)
        this.idle.pop()?.resolve(this.queue.take())
    })
  }

  /** One connection after another until closed, and on each one batch after another. */
  private async serve(): Promise<void> {
    let waitMs = RECONNECT_MS
    while (!this.isClosed) {
      const connection = await this.connect()
      if (connection) {
        waitMs = RECONNECT_MS
        await this.writeBatches(connection)
        this.counts.connections--
        if (this.isClosed) await connection.end()
        else this.lost(connection)
      } else {
        await pause(waitMs)
        waitMs = Math.min(waitMs * 2, RECONNECT_MS_MAX)
      }
    }
  }

  private async connect(): Promise<OwnConnection | null> {
    try {
      const connection = await openOwnConnection({
        config: this.options.connectionConfig,
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        answerTimeoutMs: this.limits.answerTimeoutMs,
        onEnd: () => this.releaseIdle(),
      })
      this.counts.connections++
      return connection
    } catch (error) {
      this.options.log.warn({ err: error }, 'ingest cannot connect to the database')
      return null
    }
  }

  private lost(connection: OwnConnection): void {
    connection.close()
    this.counts.connectionsLost++
    this.lostAtMs = this.options.stopwatch()
    this.keys.forgetStored()
  }

  private async writeBatches(connection: OwnConnection): Promise<void> {
    const writing = { connection, table: new EventTable(connection) }
    while (connection.isOpen && !this.isClosed) {
      const batch = this.queue.take() ?? (await this.nextBatch())
      if (batch) await this.write(writing, batch)
    }
  }

  private nextBatch(): Promise<Batch | null> {
    return new Promise((resolve) => this.idle.push({ resolve }))
  }

  /** Lets the idle connections look whether they are still there, and still wanted. */
  private releaseIdle(): void {
    for (const idle of this.idle.splice(0)) idle.resolve(null)
  }

  private async write(writing: Writing, batch: Batch): Promise<void> {
    this.underWay.add(batch)
    await this.attempt(writing, batch)
    this.underWay.delete(batch)
    this.queue.putBack(batch.entries)
  }

  private async attempt(writing: Writing, batch: Batch): Promise<void> {
    this.counts.batches++
    try {
      await writeBatch(writing.table, batch, this)
    } catch (error) {
      await this.recover(error, writing, batch)
    }
  }

  recorded(entry: Entry): void {
    this.keys.remember(entry, entry.event.fingerprint)
    entry.settleRecorded()
  }

  found(entry: Entry, fingerprint: Fingerprint): void {
    this.keys.remember(entry, fingerprint)
    entry.settleStored(fingerprint)
  }

  collided(envId: number): void {
    this.counts.collisions++
    this.carefulUntilMs.set(envId, this.options.stopwatch() + this.limits.carefulMs)
  }

  /** What is not settled after it goes back to the queue with its keys, which make that harmless. */
  private async recover(error: unknown, writing: Writing, batch: Batch): Promise<void> {
    const { log } = this.options
    if (!writing.connection.isOpen) {
      log.warn({ err: error }, 'ingest lost a connection; its batch is written again')
    } else if (isAboutData(error)) {
      await this.isolate(error, writing, batch.entries)
    } else {
      log.error({ err: error }, 'PostgreSQL refuses events for now; they are tried again')
      if (sqlState(error) === READ_ONLY) writing.connection.close() // another server is the primary now
      await pause(PAUSE_MS)
    }
  }

  /** Finds the event that PostgreSQL does not take, by halves, and stores the others. */
  private async isolate(
    error: unknown,
    writing: Writing,
    entries: readonly Entry[],
  ): Promise<void> {
    const [only] = entries
    if (entries.length === 1 && only) {
      this.options.log.error({ err: error }, 'PostgreSQL does not take an event')
      this.settleUnstored(only, 'failed')
      return
    }
    const middle = entries.length >> 1
    for (const half of [entries.slice(0, middle), entries.slice(middle)])
      await this.attempt(writing, { entries: half, isCareful: true })
  }

  private giveUpLate(): void {
    const nowMs = this.options.stopwatch()
    const beforeMs = nowMs - this.limits.deadlineMs
    for (const entry of this.queue.removeOlder(beforeMs)) this.settleUnstored(entry, 'unavailable')
    for (const { entries } of this.underWay)
      for (const entry of entries)
        if (entry.arrivedAtMs < beforeMs) this.settleUnstored(entry, 'unavailable')
    for (const [envId, untilMs] of this.carefulUntilMs)
      if (untilMs < nowMs) this.carefulUntilMs.delete(envId)
  }

  private settleUnstored(entry: Entry, outcome: 'unavailable' | 'failed'): void {
    this.keys.forget(entry)
    entry.settleUnstored(outcome)
  }

  async drain(): Promise<void> {
    this.isDraining = true
    while (this.tally.inFlightEvents > 0) await pause(PAUSE_MS / 10)
    this.isClosed = true
    clearInterval(this.sweeping)
    this.releaseIdle()
    await Promise.all(this.lanes)
  }

  stats(): WriterStats {
    return { ...this.tally, ...this.counts }
  }
}

/** Whether the values are to blame (class 22) or a constraint that they break (23): trying again is no use. */
function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '')
}

function pause(waitMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs))
}
