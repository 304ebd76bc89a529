import type { Captured } from '@usageflow/policy'
import { monotonicMs, newKey, quietTimer } from '../clock.ts'
import { EntryQueue } from '../entry-queue.ts'
import { failures, UsageFlowError } from '../errors.ts'
import type { HttpCall } from '../http-call.ts'
import { Ledger } from '../ledger.ts'
import type { Reporter } from '../reporter.ts'
import { Sender } from '../sender.ts'
import { openServerCall } from '../server-call.ts'
import type { UsageCounts } from './host.ts'

/** What a request was measured as, by one rule. */
export type Measured = {
  readonly ruleId: string
  readonly customerId: string
  readonly timestamp: string
  readonly method: string
  readonly route: string | null
  readonly fields: Captured
  readonly metadata: Readonly<Record<string, unknown>>
}

export type UsageOutboxDeps = {
  readonly http: HttpCall
  readonly baseUrl: string
  readonly application: string
  readonly timeoutMs: number
  readonly reporter: Reporter
}

type Sum = { readonly first: Measured; requests: number }

const QUEUE_ENTRIES_MAX = 10_000
const QUEUE_BYTES_MAX = 16 * 1024 * 1024
const BATCH_MAX = 1_000 // what the server takes at once
const FLUSH_MS = 1_000

/** Sends what policies meter, with the guarantees of `UsageFlow`: nothing counts twice, and what is lost is told. */
export class UsageOutbox {
  readonly #reporter: Reporter
  readonly #queue = new EntryQueue(QUEUE_ENTRIES_MAX, QUEUE_BYTES_MAX)
  readonly #ledger = new Ledger()
  readonly #sender: Sender
  #sums = new Map<string, Sum>()
  #summed = 0
  #isArmed = false
  #isClosed = false

  constructor({ http, baseUrl, application, timeoutMs, reporter }: UsageOutboxDeps) {
    const name = JSON.stringify(application)
    this.#reporter = reporter
    this.#sender = new Sender({
      ...{ queue: this.#queue, ledger: this.#ledger, timeoutMs, batchEventsMax: BATCH_MAX },
      call: openServerCall(http, `${baseUrl}/api/v1/control/usage`),
      bodyOf: (usage) => `{"application":${name},"usage":[${usage}]}`,
      onSettled: () => {},
      onRefused: ({ count }, { code, message }) =>
        reporter.report(new UsageFlowError('refused', code, message, { count })),
      onUnknown: ({ code, reason, status }, count) =>
        reporter.report(failures.noAnswer(code, reason, { count, status })),
    })
  }

  /** Takes one request. With `isSummable` it is summed for a second with others like it. */
  add(measured: Measured, isSummable: boolean): void {
    this.#ledger.produced += 1
    if (this.#isClosed) this.#drop(1)
    else if (isSummable) this.#sum(measured)
    else this.#push(measured, 1)
    this.#arm()
  }

  /** Exact at every instant: `produced = delivered + queued + refused + dropped`. */
  counts(): UsageCounts {
    const { produced, delivered, refused, dropped } = this.#ledger
    return { produced, delivered, queued: this.#queue.count + this.#summed, refused, dropped }
  }

  flush(endMs: number): Promise<void> {
    return this.#sender.flush(endMs, () => this.#queueSums())
  }

  /** What could not be sent until then is dropped, counted and told. Never rejects. */
  async close(endMs: number): Promise<void> {
    this.#isClosed = true
    await this.flush(endMs)
    await this.#sender.abort()
    const { count, length } = this.#queue
    this.#reporter.tellDropped()
    if (count === 0) return
    this.#queue.remove(length)
    this.#ledger.dropped += count
    this.#reporter.report(failures.closed(count))
  }

  #sum(measured: Measured): void {
    const { ruleId, customerId, method, route, metadata } = measured
    const key = JSON.stringify([ruleId, customerId, method, route, metadata])
    const sum = this.#sums.get(key)
    const isRoom = this.#sums.size + this.#queue.length < QUEUE_ENTRIES_MAX
    if (sum) sum.requests += 1
    else if (isRoom) this.#sums.set(key, { first: measured, requests: 1 })
    if (sum || isRoom) this.#summed += 1
    else this.#drop(1)
  }

  #queueSums(): void {
    const sums = this.#sums
    this.#sums = new Map()
    this.#summed = 0
    for (const { first, requests } of sums.values()) this.#push(first, requests)
  }

  #push(measured: Measured, requests: number): void {
    const json = JSON.stringify({ idempotencyKey: newKey(), ...measured, requests })
    if (this.#queue.hasRoom(json, NOTHING)) this.#queue.push(json, requests)
    else this.#drop(requests)
    if (this.#queue.length >= BATCH_MAX) this.#hurry()
  }

  /** Sends soon, but not on the way of the request that filled the batch. */
  #hurry(): void {
    if (this.#sender.isRunning || this.#sender.circuit.waitMs(monotonicMs()) > 0) return
    quietTimer(() => void this.#sender.run(), 0)
  }

  #drop(requests: number): void {
    this.#ledger.dropped += requests
    this.#reporter.dropped(requests)
  }

  #arm(): void {
    if (this.#isArmed || this.#isClosed) return
    this.#isArmed = true
    quietTimer(() => {
      this.#isArmed = false
      void this.#tick()
    }, FLUSH_MS)
  }

  async #tick(): Promise<void> {
    this.#queueSums()
    if (this.#sender.circuit.waitMs(monotonicMs()) === 0) await this.#sender.run()
    if (this.#queue.length > 0) this.#arm()
  }
}

const NOTHING = { length: 0, bytes: 0 }
