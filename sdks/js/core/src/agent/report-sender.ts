import { Circuit } from '../circuit.ts'
import { atMost, chance, monotonicMs, quietTimer } from '../clock.ts'
import { failures } from '../errors.ts'
import { type HttpCall, retryAfterMs } from '../http-call.ts'
import type { Reporter } from '../reporter.ts'
import type { UsageCounts } from './host.ts'
import type { Statistics } from './statistics.ts'

export type ReportSenderDeps = {
  readonly http: HttpCall
  readonly baseUrl: string
  readonly application: string
  readonly producer: string
  /** What reports, like `express/0.1.0 node/20.19.1`. */
  readonly agent: string
  readonly timeoutMs: number
  readonly statistics: Statistics
  readonly reporter: Reporter
  usage(): UsageCounts
}

const REPORT_MS = 1_000

/**
 * Reports every second while there is something to say. A report has a number and is sent until it is
 * answered, then the next: what comes meanwhile is counted together.
 */
export class ReportSender {
  readonly #deps: ReportSenderDeps
  readonly #circuit = new Circuit(chance)
  readonly #end = new AbortController()
  #sequence = 0
  /** The report that was not answered yet. */
  #pending: string | null = null
  #toldUsage = ''
  #isArmed = false
  #sending: Promise<void> | null = null

  constructor(deps: ReportSenderDeps) {
    this.#deps = deps
  }

  /** Sees to it that what is there is reported. */
  arm(): void {
    if (this.#isArmed || this.#end.signal.aborted) return
    this.#isArmed = true
    quietTimer(
      () => {
        this.#isArmed = false
        void this.#run().then(() => {
          if (this.#hasMore) this.arm()
        })
      },
      Math.max(REPORT_MS, this.#circuit.waitMs(monotonicMs())),
    )
  }

  /** Says all that there is to say, if the server answers. Never rejects. */
  async flush(endMs: number): Promise<void> {
    if (this.#circuit.waitMs(monotonicMs()) > 0) return
    do await atMost(endMs - monotonicMs(), this.#run())
    while (this.#hasMore && this.#pending === null && monotonicMs() < endMs)
  }

  abort(): void {
    this.#end.abort()
  }

  get #hasMore(): boolean {
    const { statistics, usage } = this.#deps
    return (
      this.#pending !== null || !statistics.isEmpty || JSON.stringify(usage()) !== this.#toldUsage
    )
  }

  #run(): Promise<void> {
    this.#sending ??= this.#send().finally(() => {
      this.#sending = null
    })
    return this.#sending
  }

  async #send(): Promise<void> {
    if (!this.#hasMore) return
    const { http, baseUrl, timeoutMs, reporter } = this.#deps
    this.#pending ??= this.#next()
    const answer = await http(
      { method: 'POST', url: `${baseUrl}/api/v1/control/reports`, body: this.#pending, timeoutMs },
      this.#end.signal,
    )
    if (this.#end.signal.aborted) return
    const status = answer.kind === 'answer' ? answer.status : undefined
    if (status === 200) this.#circuit.succeeded()
    else if (answer.kind === 'none' || status === undefined || !REFUSALS.has(status)) {
      const askedMs = answer.kind === 'none' ? 0 : retryAfterMs(answer.headers)
      this.#circuit.failed(monotonicMs(), askedMs)
      const reason = answer.kind === 'none' ? answer.reason : `The server answered ${status}.`
      reporter.report(failures.noAnswer('client.report', reason, { count: 0, status }))
      return
    } else reporter.report(failures.reportRefused(status))
    this.#pending = null
  }

  #next(): string {
    const { application, producer, agent, statistics, usage } = this.#deps
    const counts = usage()
    this.#toldUsage = JSON.stringify(counts)
    this.#sequence += 1
    const head = { application, producer, sequence: this.#sequence, agent }
    return JSON.stringify({ ...head, ...statistics.take(), usage: counts })
  }
}

/** It would be answered so for ever. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422])
