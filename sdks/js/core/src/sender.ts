import { Circuit } from './circuit.ts'
import { atMost, chance, monotonicMs, sleep } from './clock.ts'
import type { Entry, EntryQueue } from './entry-queue.ts'
import type { Ledger } from './ledger.ts'
import type { Answer, Result, ServerCall } from './server-call.ts'

export type SenderDeps = {
  readonly queue: EntryQueue
  readonly ledger: Ledger
  readonly call: ServerCall
  readonly timeoutMs: number
  readonly batchEventsMax: number
  /** The request for entries that stand side by side. */
  bodyOf(entries: string): string
  /** The entries up to this one are off the queue. */
  onSettled(lastSequence: number): void
  onRefused(entry: Entry, refusal: Refusal): void
  onUnknown(answer: Answer & { kind: 'unknown' }, count: number): void
}

export type Refusal = { readonly code: string; readonly message: string }

const BATCH_BYTES_MAX = 1_000_000 // what proxies let through by default

/**
 * Sends what is queued, oldest first, one request at a time. An entry leaves the queue when the server's
 * word on it is known, and not before; until then it is sent again as it is.
 */
export class Sender {
  readonly circuit = new Circuit(chance)
  readonly #deps: SenderDeps
  #running: Promise<void> | null = null
  #abort = new AbortController()

  constructor(deps: SenderDeps) {
    this.#deps = deps
  }

  get isRunning(): boolean {
    return this.#running !== null
  }

  /** Sends what is queued now, until the server fails. Resolves when that is through; never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#sendQueued().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Sends all that waits until `endMs`, as often as the circuit allows. `gather` queues what is not queued yet. */
  async flush(endMs: number, gather: () => void): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      gather()
      const nowMs = monotonicMs()
      // The first try is now, even for who waits no longer, unless the server asked to be left alone.
      const waitMs = tries === 0 ? this.circuit.askedWaitMs(nowMs) : this.circuit.waitMs(nowMs)
      const isNow = tries === 0 && waitMs === 0
      if (this.#deps.queue.length === 0 || (!isNow && nowMs + waitMs >= endMs)) return
      if (waitMs > 0) await sleep(waitMs)
      await atMost(endMs - monotonicMs(), this.run())
    }
  }

  /** Waits for no answer any longer. Resolves when nothing is on its way. */
  async abort(): Promise<void> {
    this.#abort.abort()
    this.#abort = new AbortController()
    await this.#running
  }

  async #sendQueued(): Promise<void> {
    const { queue, batchEventsMax } = this.#deps
    // What comes meanwhile waits for the next time, or else each would be a request of its own.
    for (let due = queue.length; due > 0 || queue.length >= batchEventsMax; ) {
      const isProbe = this.circuit.state(monotonicMs()) !== 'closed'
      const batch = queue.peek(isProbe ? 1 : batchEventsMax, BATCH_BYTES_MAX)
      if (!(await this.#send(batch))) return
      due -= batch.length
    }
  }

  /** Whether the server's word on all of the batch, which are the first of the queue, is known. */
  async #send(batch: readonly Entry[]): Promise<boolean> {
    const { call, timeoutMs, bodyOf, onUnknown } = this.#deps
    const body = bodyOf(batch.map(({ json }) => json).join(','))
    const answer = await call({ body, count: batch.length, timeoutMs }, this.#abort.signal)
    if (answer.kind === 'unknown') {
      this.circuit.failed(monotonicMs(), answer.askedMs)
      onUnknown(answer, countOf(batch))
      return false
    }
    this.circuit.succeeded()
    if (answer.kind === 'results') {
      this.#settle(batch, answer.results)
      return true
    }
    const [first] = batch
    if (batch.length === 1 && first) {
      this.#settle(batch, [{ ...answer, status: 'refused' }])
      return true
    }
    // One of them makes the request unreadable: it is found by halving, and the others are saved.
    const middle = Math.ceil(batch.length / 2)
    return (await this.#send(batch.slice(0, middle))) && (await this.#send(batch.slice(middle)))
  }

  #settle(batch: readonly Entry[], results: readonly Result[]): void {
    const { queue, ledger, onRefused, onSettled } = this.#deps
    queue.remove(batch.length)
    batch.forEach((entry, index) => {
      const result = results[index] as Result
      if (result.status === 'refused') ledger.refused += entry.count
      else ledger.delivered += entry.count
      if (result.status === 'duplicate') ledger.duplicates += entry.count
    })
    onSettled(batch.at(-1)?.sequence ?? 0)
    batch.forEach((entry, index) => {
      const result = results[index] as Result
      if (result.status === 'refused') onRefused(entry, result)
    })
  }
}

function countOf(batch: readonly Entry[]): number {
  return batch.reduce((count, entry) => count + entry.count, 0)
}
