import { monotonicMs, quietTimer } from './clock.ts'
import { failures, type UsageFlowError } from './errors.ts'

type OnError = (error: UsageFlowError) => void

const GATHER_MS = 1_000
const WARN_EVERY_MS = 60_000

/** Tells the host what went wrong, and is not hurt by how it takes it. */
export class Reporter {
  readonly #onError: OnError
  #dropped = 0
  #reportedAtMs = Number.NEGATIVE_INFINITY

  constructor(onError: OnError | undefined) {
    this.#onError = onError ?? warnNowAndThen()
  }

  report(error: UsageFlowError): void {
    try {
      const answer: unknown = this.#onError(error)
      // An async function that rejects would end the process.
      if (answer instanceof Promise) answer.catch(() => {})
    } catch {
      // What a listener throws is not for the one who tracked.
    }
  }

  /** For what fails with every call of `track`: once a second. */
  reportNowAndThen(error: UsageFlowError): void {
    if (monotonicMs() - this.#reportedAtMs < GATHER_MS) return
    this.#reportedAtMs = monotonicMs()
    this.report(error)
  }

  /** Where the queue is full, thousands a second may be: told together. */
  dropped(count = 1): void {
    this.#dropped += count
    if (this.#dropped === count) quietTimer(() => this.tellDropped(), GATHER_MS)
  }

  tellDropped(): void {
    if (this.#dropped === 0) return
    const count = this.#dropped
    this.#dropped = 0
    this.report(failures.queueFull(count))
  }
}

/** Usage that is lost in silence is a lie, and a log that is flooded is not read. */
function warnNowAndThen(): OnError {
  const warnedAtMs = new Map<string, number>()
  return ({ code, message }) => {
    const nowMs = monotonicMs()
    if (nowMs - (warnedAtMs.get(code) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return
    warnedAtMs.set(code, nowMs)
    // biome-ignore lint/suspicious/noConsole: who gave no `onError` must learn of it all the same
    console.warn(`[usageflow] ${message} (${code})`)
  }
}
