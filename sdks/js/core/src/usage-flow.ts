import { backoffMs } from './circuit.ts'
import { chance, monotonicMs, newKey, quietTimer, sleep, systemClock } from './clock.ts'
import { type Config, readConfig, type UsageFlowOptions } from './config.ts'
import { EntryQueue } from './entry-queue.ts'
import { failures, UsageFlowError } from './errors.ts'
import { eventJson, type ReadEvent, readEvent, type SentEvent, type UsageEvent } from './event.ts'
import { joinExit, leaveExit } from './exit.ts'
import { openHttpCall } from './http-call.ts'
import { Ledger, type Stats } from './ledger.ts'
import { Reporter } from './reporter.ts'
import { type Refusal, Sender } from './sender.ts'
import { type Answer, openServerCall, type Result, type ServerCall } from './server-call.ts'
import { Spool } from './spool.ts'
import { isSummable, type Summed, Sums } from './sums.ts'

/** What the server answered to one event. */
export type Sent = {
  /** `duplicate`: it was there already, and counts once. */
  readonly status: 'recorded' | 'duplicate'
  readonly eventId: string
  readonly idempotencyKey: string
}

export type SendOptions = {
  /** How long to try for an answer. Default 10,000. */
  readonly deadlineMs?: number | undefined
}

const SEND_DEADLINE_MS = 10_000
const FLUSH_DEADLINE_MS = 5_000
const EXIT_DEADLINE_MS = 2_000

/**
 * Sends usage to UsageFlow. `track` is for the way of a request: it neither throws nor waits. `send` is
 * for where the answer matters.
 */
export class UsageFlow {
  readonly #config: Config
  readonly #clock: () => Date
  readonly #call: ServerCall
  readonly #reporter: Reporter
  readonly #ledger = new Ledger()
  readonly #queue: EntryQueue
  readonly #sums = new Sums()
  readonly #sender: Sender
  readonly #spool: Spool | null
  readonly #atExit = () => this.#flushAtExit()
  #sending = 0
  #isArmed = false
  #isHurried = false
  #exitTriedAt = -1
  #isClosed = false
  #closed: Promise<Stats> | null = null

  /** Throws an error of the kind `config` for options that cannot work. */
  constructor(options: UsageFlowOptions = {}) {
    this.#config = readConfig(options)
    const { fetch, baseUrl, apiKey, queueEventsMax, queueBytesMax } = this.#config
    this.#clock = options.clock ?? systemClock
    this.#reporter = new Reporter(options.onError)
    this.#call = openServerCall(openHttpCall(fetch, apiKey), `${baseUrl}/api/v1/events`)
    this.#queue = new EntryQueue(queueEventsMax, queueBytesMax)
    this.#sender = new Sender({
      ...{ queue: this.#queue, ledger: this.#ledger, call: this.#call },
      ...{ timeoutMs: this.#config.timeoutMs, batchEventsMax: this.#config.batchEventsMax },
      bodyOf: (events) => `[${events}]`,
      onSettled: (lastSequence) => this.#onDisk((spool) => spool.settled(lastSequence)),
      onRefused: ({ json, count }, refusal) => this.#report(refused(refusal, json, count)),
      onUnknown: ({ code, reason, status }, count) =>
        this.#report(failures.noAnswer(code, reason, { count, status })),
    })
    this.#spool = this.#openSpool()
    this.#adopt()
  }

  /**
   * Takes usage and sends it in the background, with a key made now and kept for every try. What is
   * no event or finds no room is counted in `stats` and told to `onError`.
   */
  track(event: UsageEvent): void {
    this.#ledger.produced += 1
    try {
      const read = readEvent(event)
      this.#take(read, this.#stamp(read))
    } catch (error) {
      this.#ledger.refused += 1
      this.#report(error as UsageFlowError)
    }
  }

  /** Counts usage that could not be read and tells `onError`: for what makes events, like the blueprints. */
  refuse(error: UsageFlowError): void {
    this.#ledger.produced += 1
    this.#ledger.refused += 1
    this.#report(error)
  }

  /**
   * Sends one event now and waits for the server's answer; tries again with the same key until the
   * deadline. Throws a UsageFlowError: `invalid`, `refused`, `dropped` after `close`, or `unavailable`,
   * when the event may or may not be stored: send the error's `event` again, and it counts once.
   */
  async send(event: UsageEvent, options: SendOptions = {}): Promise<Sent> {
    const endMs = monotonicMs() + (options.deadlineMs ?? SEND_DEADLINE_MS)
    const ledger = this.#ledger
    ledger.produced += 1
    this.#sending += 1
    try {
      const read = readEvent(event)
      const json = eventJson(read, this.#stamp(read), read.idempotencyKey ?? newKey())
      if (this.#isClosed) throw failures.closed(1)
      const sent = await this.#sendUntil(endMs, json)
      ledger.delivered += 1
      if (sent.status === 'duplicate') ledger.duplicates += 1
      return sent
    } catch (error) {
      const { kind } = error as UsageFlowError
      if (kind === 'invalid' || kind === 'refused') ledger.refused += 1
      else ledger.dropped += 1 // it is the caller's again
      throw error
    } finally {
      this.#sending -= 1
    }
  }

  /**
   * Sends all that waits, without waiting for the next second. Resolves when that is sent or the time
   * is over, and never rejects.
   */
  async flush(deadlineMs = FLUSH_DEADLINE_MS): Promise<Stats> {
    await this.#sender.flush(monotonicMs() + deadlineMs, () => this.#queueSums())
    return this.stats()
  }

  /**
   * Flushes, and takes nothing from now on. What could not be sent until the deadline is left to the
   * next process in the spool; without one it is dropped, counted and told. Never rejects.
   */
  close(deadlineMs = FLUSH_DEADLINE_MS): Promise<Stats> {
    this.#closed ??= this.#close(deadlineMs)
    return this.#closed
  }

  /** Exact at every instant: `produced = delivered + queued + refused + dropped`. */
  stats(): Stats {
    const { produced, delivered, duplicates, refused, dropped, recovered } = this.#ledger
    return {
      ...{ produced, delivered, duplicates },
      queued: this.#queue.count + this.#sums.count + this.#sending,
      ...{ refused, dropped, recovered },
      circuit: this.#sender.circuit.state(monotonicMs()),
    }
  }

  #take(read: ReadEvent, timestamp: string): void {
    if (this.#isClosed) {
      this.#ledger.dropped += 1
      this.#report(failures.closed(1))
    } else if (this.#config.aggregate && isSummable(read)) this.#sum(read, timestamp)
    else this.#enqueue(eventJson(read, timestamp, read.idempotencyKey ?? newKey()))
    this.#arm()
  }

  #sum(read: ReadEvent, timestamp: string): void {
    if (this.#sums.add(read)) return
    if (this.#queue.hasRoom(eventJson(read, timestamp, ''), this.#sums)) {
      const full = this.#sums.begin(read, timestamp)
      if (full) this.#queueSum(full)
    } else this.#drop()
  }

  #enqueue(json: string): void {
    if (this.#queue.hasRoom(json, this.#sums)) this.#push(json, 1)
    else this.#drop()
  }

  #drop(): void {
    this.#ledger.dropped += 1
    this.#reporter.dropped()
  }

  #queueSums(): void {
    for (const sum of this.#sums.take()) this.#queueSum(sum)
  }

  #queueSum({ event, timestamp, count }: Summed): void {
    this.#push(eventJson(event, timestamp, newKey()), count)
  }

  #push(json: string, count: number): void {
    const entry = this.#queue.push(json, count)
    this.#onDisk((spool) => spool.add(entry))
    if (this.#queue.length >= this.#config.batchEventsMax) this.#hurry()
  }

  #stamp({ timestamp }: ReadEvent): string {
    if (timestamp !== null) return timestamp
    try {
      return this.#clock().toISOString()
    } catch {
      throw failures.invalid('clock', 'must return a Date')
    }
  }

  /** Sends soon, but not on the way of whoever tracks: to write a thousand events takes a millisecond. */
  #hurry(): void {
    if (this.#isHurried || this.#sender.isRunning) return
    if (this.#sender.circuit.waitMs(monotonicMs()) > 0) return
    this.#isHurried = true
    quietTimer(() => {
      this.#isHurried = false
      this.#tick()
    }, 0)
  }

  /** Sees to it that what waits is looked at, at the next flush or when the server may be tried again. */
  #arm(): void {
    if (this.#isArmed || this.#isIdle) return
    this.#isArmed = true
    joinExit(this.#atExit)
    const { flushMs } = this.#config
    const waitMs = this.#sender.circuit.waitMs(monotonicMs()) || flushMs
    quietTimer(
      () => {
        this.#isArmed = false
        this.#tick()
      },
      Math.min(flushMs, waitMs),
    )
  }

  #tick(): void {
    if (this.#isClosed) return
    this.#queueSums()
    this.#onDisk((spool) => spool.show())
    const mayTry = this.#sender.circuit.waitMs(monotonicMs()) === 0
    const through = mayTry ? this.#sender.run() : Promise.resolve()
    void through.then(() => {
      this.#adopt()
      if (this.#isIdle) leaveExit(this.#atExit)
      else this.#arm()
    })
  }

  get #isIdle(): boolean {
    return this.#queue.length + this.#sums.length === 0
  }

  async #sendUntil(endMs: number, json: string): Promise<Sent> {
    for (let tries = 1; ; tries += 1) {
      const timeoutMs = Math.max(1, Math.min(this.#config.timeoutMs, endMs - monotonicMs()))
      const answer = await this.#call({ body: `[${json}]`, count: 1, timeoutMs })
      const sent = sentOrNull(answer, json)
      if (sent) return sent
      const { code, reason, status, askedMs } = answer as Unknown
      const waitMs = Math.max(askedMs, backoffMs(tries, chance()))
      if (monotonicMs() + waitMs >= endMs)
        throw failures.noAnswer(code, reason, { status, event: JSON.parse(json) })
      await sleep(waitMs)
    }
  }

  async #close(deadlineMs: number): Promise<Stats> {
    this.#isClosed = true
    await this.flush(deadlineMs)
    await this.#sender.abort()
    leaveExit(this.#atExit)
    this.#reporter.tellDropped()
    this.#onDisk((spool) => spool.close())
    if (this.#spool === null && this.#queue.count > 0) {
      const { count } = this.#queue
      this.#queue.remove(this.#queue.length)
      this.#ledger.dropped += count
      this.#report(failures.closed(count))
    }
    return this.stats()
  }

  #flushAtExit(): void {
    const { produced } = this.#ledger
    if (this.#isIdle || this.#exitTriedAt === produced) return
    this.#exitTriedAt = produced // once: each try keeps the process for a while
    void this.flush(EXIT_DEADLINE_MS).then(async ({ queued }) => {
      await this.#sender.abort()
      this.#reporter.tellDropped()
      if (queued > 0 && this.#spool === null) this.#report(failures.leftAtExit(queued))
    })
  }

  #openSpool(): Spool | null {
    const { spool } = this.#config
    if (spool === null) return null
    try {
      return new Spool(spool, this.#queue)
    } catch (error) {
      this.#reporter.reportNowAndThen(failures.spool(error)) // better without a spool than without a host
      return null
    }
  }

  /** Takes over what processes that are no more left in the folder, a file at a time. */
  #adopt(): void {
    this.#onDisk((spool) => {
      while (this.#queue.length === 0 && !this.#isClosed) {
        const found = spool.adopt()
        if (found === null) break
        for (const { json, count } of found.entries) {
          this.#ledger.produced += count
          this.#ledger.recovered += count
          spool.add(this.#queue.push(json, count))
        }
        found.remove()
        if (found.damaged > 0) this.#report(failures.damaged(found.damaged))
      }
    })
    this.#arm()
  }

  #onDisk(work: (spool: Spool) => void): void {
    if (this.#spool === null) return
    try {
      work(this.#spool)
    } catch (error) {
      this.#reporter.reportNowAndThen(failures.spool(error))
    }
  }

  #report(error: UsageFlowError): void {
    this.#reporter.report(error)
  }
}

type Unknown = Answer & { readonly kind: 'unknown' }

/** Of a key that is not known or may not write, or of another address: no retry mends that. */
const HOPELESS: ReadonlySet<number | undefined> = new Set([401, 403, 404])

/** Null when nothing is known yet. Throws a `refused` error. */
function sentOrNull(answer: Answer, json: string): Sent | null {
  if (answer.kind === 'rejected') throw refused(answer, json, 1, answer.status)
  if (answer.kind === 'unknown') {
    if (!HOPELESS.has(answer.status)) return null
    throw refused({ ...answer, message: answer.reason }, json, 1, answer.status)
  }
  const result = answer.results[0] as Result // one event has one result
  if (result.status === 'refused') throw refused(result, json, 1)
  const { idempotencyKey } = JSON.parse(json) as SentEvent
  return { status: result.status, eventId: result.eventId, idempotencyKey }
}

function refused(
  { code, message }: Refusal,
  json: string,
  count: number,
  status?: number,
): UsageFlowError {
  return new UsageFlowError('refused', code, message, { event: JSON.parse(json), count, status })
}
