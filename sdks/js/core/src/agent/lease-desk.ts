import {
  afterFailure,
  afterSuccess,
  type Breaker,
  CLOSED,
  type Decision,
  type LeaseAnswer,
  mayCall,
  receiveLease,
} from '@usageflow/policy'
import { backoffMs } from '../circuit.ts'
import { chance, monotonicMs, quietTimer } from '../clock.ts'
import { type HttpAnswer, type HttpCall, jsonOrNull } from '../http-call.ts'
import type { LimitState, SentSettlement } from './limit-state.ts'

export type LeaseDeskDeps = {
  readonly http: HttpCall
  readonly baseUrl: string
  readonly application: string
  readonly holder: string
  readonly timeoutMs: number
  onFailure(reason: string, status: number | undefined): void
}

/** What the server decided itself, of a limit that cannot be lent. */
export type Decided = Omit<Decision, 'state'>

type Ask = {
  readonly id: string
  readonly state: LimitState
  /** Takes the decision of a limit that cannot be lent, or null for none; of other limits there is nobody. */
  readonly decided: ((decided: Decided | null) => void) | null
  /** Whether it is still to be asked. */
  isWanted(): boolean
}

type SentResult = { readonly id: string } & Partial<LeaseAnswer & Decided>

const ITEMS_MAX = 500 // of a call
const ASKS_MAX = 20_000
const SETTLEMENTS_MAX = 20_000
const UNKNOWN_MS = 1_000
const RETRY_MS_MAX = 2_000

/**
 * Where a process borrows. One call is under way at most, and what comes meanwhile goes with the next. What
 * was not answered is sent again as it was, and counts once.
 */
export class LeaseDesk {
  readonly #deps: LeaseDeskDeps
  readonly #end = new AbortController()
  #asks: Ask[] = []
  #settlements: SentSettlement[] = []
  #breaker: Breaker = CLOSED
  #failures = 0
  #calling: Promise<void> | null = null
  #isArmed = false
  /** What came for somebody who is gone waits to be given back. */
  #isOwing = false
  #isClosed = false

  constructor(deps: LeaseDeskDeps) {
    this.#deps = deps
  }

  /** Whether it makes sense to wait: nobody waits for a server that fails. */
  get isAnswering(): boolean {
    return this.#breaker.state === 'closed' && !this.#isClosed
  }

  /** What nobody waits for is not gathered while the server fails: it would pile up, and be asked when it is too late. */
  ask(ask: Ask): void {
    if (ask.decided && (!this.isAnswering || this.#asks.length >= ASKS_MAX)) ask.decided(null)
    else this.#asks.push(ask)
    if (this.#asks.length > ASKS_MAX) this.#forgetUnwanted()
    this.#callSoon()
  }

  settle(settlements: readonly SentSettlement[]): void {
    if (settlements.length === 0) return
    this.#settlements.push(...settlements)
    // What is given back too late is lost to the limit until its window ends, and to nobody else.
    this.#settlements.splice(0, this.#settlements.length - SETTLEMENTS_MAX)
  }

  /** Gives back what waits to be given back. */
  flush(): void {
    if (this.#settlements.length > 0) this.#callSoon()
  }

  /** Takes nothing more, and gives back what is to be given back unless the server fails. Never rejects. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { decided } of this.#asks.splice(0)) decided?.(null)
    await this.#calling
    while (this.#settlements.length > 0 && this.#failures === 0) await this.#call()
  }

  abort(): void {
    this.#end.abort()
  }

  /** Not at once: what the same moment brings goes with it. */
  #callSoon(): void {
    if (this.#calling !== null || this.#isClosed) return
    const nowMs = monotonicMs()
    const { isAllowed, breaker } = mayCall(this.#breaker, nowMs)
    this.#breaker = breaker
    if (isAllowed) {
      this.#calling = Promise.resolve().then(() => this.#call())
      void this.#calling.finally(() => {
        this.#calling = null
        const hasMore = this.#asks.length > 0 || this.#isOwing
        if (hasMore && this.#failures === 0) this.#callSoon()
      })
    } else if (breaker.state === 'open') this.#callIn(breaker.probeAtMs - nowMs)
  }

  #forgetUnwanted(): void {
    this.#asks = this.#asks.filter((ask) => ask.isWanted())
  }

  #callIn(ms: number): void {
    if (this.#isArmed) return
    this.#isArmed = true
    quietTimer(() => {
      this.#isArmed = false
      if (this.#asks.length + this.#settlements.length > 0) this.#callSoon()
    }, ms)
  }

  async #call(): Promise<void> {
    const { http, baseUrl, application, holder, timeoutMs, onFailure } = this.#deps
    this.#forgetUnwanted()
    const asks = this.#asks.splice(0, ITEMS_MAX)
    const settle = this.#settlements.splice(0, ITEMS_MAX)
    this.#isOwing = false
    const sent = {
      ...{ application, holder, settle },
      ask: asks.map(({ id, state: { of, cost } }) => {
        return { id, limit: of.limit, identity: of.identity, needed: cost }
      }),
    }
    const url = `${baseUrl}/api/v1/control/leases`
    const request = { method: 'POST' as const, url, body: JSON.stringify(sent), timeoutMs }
    const answer = await http(request, this.#end.signal)
    const results = resultsOf(answer, asks.length)
    if (results) {
      this.#breaker = afterSuccess()
      this.#failures = 0
      for (const [at, ask] of asks.entries()) take(ask, results[at] as SentResult)
      this.#giveBackLate(asks)
      wakeAll(asks)
      return
    }
    const status = answer.kind === 'answer' ? answer.status : undefined
    this.#failed(asks, settle, status)
    onFailure(answer.kind === 'none' ? answer.reason : `The server answered ${status}.`, status)
  }

  /** What was lent to who had gone meanwhile: nobody else would give it back. */
  #giveBackLate(asks: readonly Ask[]): void {
    for (const { state } of asks.filter(({ state }) => state.isForgotten)) {
      const settlements = state.settle(Number.POSITIVE_INFINITY)
      this.settle(settlements)
      this.#isOwing ||= settlements.length > 0
    }
  }

  #failed(
    asks: readonly Ask[],
    settle: readonly SentSettlement[],
    status: number | undefined,
  ): void {
    const nowMs = monotonicMs()
    this.#breaker = afterFailure(this.#breaker, nowMs)
    this.#failures += 1
    for (const { decided } of asks) decided?.(null)
    const lent = asks.filter(({ decided }) => decided === null)
    if (status === 400 || status === 413 || status === 422) {
      // It would be answered so again: whoever waits is not made to, and asks anew later.
      for (const { state } of lent) giveUp(state)
    } else {
      this.#asks.unshift(...lent)
      this.#settlements.unshift(...settle)
    }
    wakeAll(asks)
    if (!this.#isClosed) this.#callIn(Math.min(RETRY_MS_MAX, backoffMs(this.#failures, chance())))
  }
}

function take({ state, decided }: Ask, result: SentResult): void {
  const isUnknown = decided ? result.isAllowed === undefined : result.units === undefined
  if (isUnknown) giveUp(state)
  if (decided) decided(isUnknown ? null : (result as Decided))
  else if (!isUnknown) state.holder = receiveLease(state.holder, result as LeaseAnswer)
}

/** Once for each state, however many were asked for it: all who wait look at it each time. */
function wakeAll(asks: readonly Ask[]): void {
  for (const state of new Set(asks.map(({ state }) => state))) state.wake()
}

function giveUp(state: LimitState): void {
  state.holder = { ...state.holder, asked: null }
  state.unknownUntilMs = monotonicMs() + UNKNOWN_MS
}

function resultsOf(answer: HttpAnswer, count: number): SentResult[] | null {
  if (answer.kind === 'none' || answer.status !== 200) return null
  const { results } = (jsonOrNull(answer.text) ?? {}) as { results?: unknown }
  if (!Array.isArray(results) || results.length !== count) return null
  return results.every((result) => typeof result === 'object' && result !== null) ? results : null
}
