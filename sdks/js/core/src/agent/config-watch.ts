import { backoffMs } from '../circuit.ts'
import { chance, quietTimer } from '../clock.ts'
import { type HttpAnswer, type HttpCall, jsonOrNull, retryAfterMs } from '../http-call.ts'
import { type ControlDocument, NOTHING_HOLDS, readControlDocument } from './control-document.ts'

export type ConfigWatchDeps = {
  readonly http: HttpCall
  readonly baseUrl: string
  readonly application: string
  readonly clock: () => Date
  /** How long the server may take to say that nothing has changed. */
  readonly waitS: number
  /** Beyond that wait. */
  readonly timeoutMs: number
  onChange(): void
  /** Told once of each thing that is not understood. */
  onTrouble(trouble: string): void
  /** Told of each failure; `status` if there was an answer. */
  onFailure(reason: string, status: number | undefined): void
}

const RETRY_MS_MAX = 5_000 // a host must learn within seconds that the server is back

/** Keeps what holds as the server says it. While the server is away, what it said last goes on holding. */
export class ConfigWatch {
  readonly #deps: ConfigWatchDeps
  readonly #end = new AbortController()
  #etag: string | null = null
  #failures = 0
  #cancelTimer = () => {}
  #troubles: readonly string[] = []
  document: ControlDocument = NOTHING_HOLDS
  isLoaded = false

  constructor(deps: ConfigWatchDeps) {
    this.#deps = deps
  }

  start(): void {
    void this.#ask()
  }

  stop(): void {
    this.#cancelTimer()
    this.#end.abort()
  }

  /** Asks, and again as soon as that is answered. Never rejects. */
  async #ask(): Promise<void> {
    const { http, baseUrl, application, waitS, timeoutMs, clock } = this.#deps
    const wait = this.#etag === null ? 0 : waitS
    const query = new URLSearchParams({ application, wait: String(wait) })
    const answer = await http(
      {
        method: 'GET',
        url: `${baseUrl}/api/v1/control/config?${query}`,
        headers: this.#etag === null ? {} : { 'if-none-match': this.#etag },
        timeoutMs: wait * 1_000 + timeoutMs,
      },
      this.#end.signal,
    )
    if (this.#end.signal.aborted) return
    const problem = this.#take(answer, clock().getTime())
    this.#failures = problem === null ? 0 : this.#failures + 1
    this.#askIn(problem === null ? 0 : this.#retryMs(answer))
    if (problem !== null)
      this.#deps.onFailure(problem, answer.kind === 'answer' ? answer.status : undefined)
  }

  /** What is wrong with the answer; null if all is well. */
  #take(answer: HttpAnswer, nowMs: number): string | null {
    if (answer.kind === 'none') return answer.reason
    if (answer.status === 304 && this.#etag !== null) return null
    if (answer.status !== 200) return `The server answered ${answer.status}.`
    try {
      this.document = readControlDocument(jsonOrNull(answer.text), nowMs)
    } catch {
      return 'The answer makes no sense.'
    }
    this.#etag = answer.headers.get('etag')
    this.isLoaded = true
    this.#tellNew(this.document.troubles)
    this.#deps.onChange()
    return null
  }

  #tellNew(troubles: readonly string[]): void {
    for (const trouble of troubles)
      if (!this.#troubles.includes(trouble)) this.#deps.onTrouble(trouble)
    this.#troubles = troubles
  }

  #askIn(ms: number): void {
    // One that answers at once whatever it is asked is not asked in a circle.
    this.#cancelTimer = quietTimer(() => void this.#ask(), Math.max(ms, this.#etag ? 0 : 1_000))
  }

  #retryMs(answer: HttpAnswer): number {
    const askedMs = answer.kind === 'answer' ? retryAfterMs(answer.headers) : 0
    return Math.max(
      Math.min(RETRY_MS_MAX, backoffMs(this.#failures, chance())),
      Math.min(askedMs, 60_000),
    )
  }
}
