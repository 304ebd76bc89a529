const FAILURES_MAX = 5
const WAIT_FIRST_MS = 500
const WAIT_MS_MAX = 30_000
const ASKED_MS_MAX = 3_600_000 // a server that asks for more is asked again after an hour

/**
 * When the server may be called again after it failed: later each time, at random within half of the
 * wait, and never before it asked to be. After five failures running the circuit is open, and the first
 * call thereafter is a probe with as little as there is.
 */
export class Circuit {
  readonly #chance: () => number
  #failures = 0
  #retryAtMs = Number.NEGATIVE_INFINITY
  #askedUntilMs = Number.NEGATIVE_INFINITY

  constructor(chance: () => number) {
    this.#chance = chance
  }

  state(nowMs: number): 'closed' | 'open' | 'half_open' {
    if (this.#failures < FAILURES_MAX) return 'closed'
    return nowMs < this.#retryAtMs ? 'open' : 'half_open'
  }

  /** How long to wait before the next call; 0 for not at all. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#retryAtMs - nowMs)
  }

  /** How much of that the server asked for. */
  askedWaitMs(nowMs: number): number {
    return Math.max(0, this.#askedUntilMs - nowMs)
  }

  succeeded(): void {
    this.#failures = 0
    this.#retryAtMs = Number.NEGATIVE_INFINITY
    this.#askedUntilMs = Number.NEGATIVE_INFINITY
  }

  failed(nowMs: number, askedMs: number): void {
    this.#failures += 1
    const waitMs = backoffMs(this.#failures, this.#chance())
    this.#askedUntilMs = nowMs + Math.min(askedMs, ASKED_MS_MAX)
    this.#retryAtMs = Math.max(nowMs + waitMs, this.#askedUntilMs)
  }
}

/** How long to wait after so many failures running; `chance` is from 0 to 1. */
export function backoffMs(failures: number, chance: number): number {
  const longestMs = Math.min(WAIT_MS_MAX, WAIT_FIRST_MS * 2 ** (failures - 1))
  return longestMs * (0.5 + chance / 2)
}
