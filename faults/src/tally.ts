import type { EventResult } from './journal.ts'

/** What the clients did and saw, counted while it happens. */
export type Tally = {
  requests: number
  attempts: number
  events: number
  repeats: number
  conflicts: number
  withoutTimestamp: number
  recorded: number
  duplicate: number
  refused: number
  /** By status, or by the reason why there was none. */
  readonly answers: Map<string, number>
  /** How long each attempt took, in milliseconds. */
  readonly latenciesMs: number[]
  /** When (of `performance.now()`) a request was last turned away or left without an answer. */
  lastFailureAt: number
  /** Answers that no fault excuses, in full. */
  readonly wrong: string[]
  /** Resolves to the time (of `performance.now()`) at which the next 2xx arrives. */
  nextSuccess(): Promise<number>
  success(): void
}

const WRONG_KEPT_MAX = 50

export function newTally(): Tally {
  let waiting: ((at: number) => void)[] = []
  return {
    requests: 0,
    attempts: 0,
    events: 0,
    repeats: 0,
    conflicts: 0,
    withoutTimestamp: 0,
    recorded: 0,
    duplicate: 0,
    refused: 0,
    answers: new Map(),
    latenciesMs: [],
    lastFailureAt: 0,
    wrong: [],
    nextSuccess: () => new Promise((resolve) => waiting.push(resolve)),
    success() {
      const at = performance.now()
      for (const resolve of waiting) resolve(at)
      waiting = []
    },
  }
}

export function countAnswer(tally: Tally, answer: string, latencyMs: number): void {
  tally.attempts += 1
  tally.latenciesMs.push(latencyMs)
  if (!/^[24]/.test(answer)) tally.lastFailureAt = performance.now()
  tally.answers.set(answer, (tally.answers.get(answer) ?? 0) + 1)
}

export function countResults(tally: Tally, results: readonly EventResult[]): void {
  for (const { status } of results) if (status !== 'unknown') tally[status] += 1
}

export function noteWrong(tally: Tally, what: string): void {
  if (tally.wrong.length < WRONG_KEPT_MAX) tally.wrong.push(what)
  else tally.wrong[WRONG_KEPT_MAX - 1] = `… and more: ${what}`
}
