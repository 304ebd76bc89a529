import { type AppliedLimit, askForLease } from '@usageflow/policy'
import { monotonicMs, newKey, quietTimer } from '../clock.ts'
import type { Decided, LeaseDesk } from './lease-desk.ts'
import { type LimitOf, LimitState, limitKey, toldOf } from './limit-state.ts'

/** One limit that a request is held against. */
export type Check = LimitOf & {
  /** What the answer calls it. */
  readonly name: string
  readonly isShadow: boolean
  readonly withoutAnswer: 'allow' | 'refuse'
  readonly deadlineMs: number
}

/** What became of a check. `without_answer`: the server did not say in time. */
export type Outcome = {
  readonly check: Check
  readonly is: 'allowed' | 'refused' | 'allowed_without_answer' | 'refused_without_answer'
  /** What its client is told; null without an answer, and of balances, which say nothing of a window. */
  readonly told: AppliedLimit | null
}

const STATES_MAX = 10_000
const SWEEP_MS = 1_000

/** Decides with what is lent; what is not asks the server. */
export class Limiter {
  readonly #desk: LeaseDesk
  readonly #epoch: () => number
  readonly #onShadow: (outcome: Outcome) => void
  /** The one that was not seen for longest comes first. */
  readonly #states = new Map<string, LimitState>()
  #isSweeping = false

  /** `epoch` is the time in milliseconds since 1970; `onShadow` is told what was decided too late for its request. */
  constructor(desk: LeaseDesk, epoch: () => number, onShadow: (outcome: Outcome) => void) {
    this.#desk = desk
    this.#epoch = epoch
    this.#onShadow = onShadow
  }

  /**
   * Holds a request against all limits: at once where everything is known, else as soon as it is, or the
   * shortest deadline is over. If one refuses, the others keep what they have.
   */
  check(checks: readonly Check[]): readonly Outcome[] | Promise<readonly Outcome[]> {
    const turns = checks.map((check) => new Turn(check, this.#stateOf(check)))
    const enforced = turns.filter(({ check }) => !check.isShadow)
    const shadows = turns.filter(({ check }) => check.isShadow)
    const outcomes = this.#decide(enforced)
    if (shadows.length === 0) return outcomes
    const withShadows = (decided: readonly Outcome[]) => [
      ...decided,
      ...(isPassed(decided) ? this.#decideShadows(shadows) : []),
    ]
    return outcomes instanceof Promise ? outcomes.then(withShadows) : withShadows(outcomes)
  }

  /** Hands everything over to be given back. */
  close(): void {
    for (const [key, state] of this.#states) this.#forget(key, state)
  }

  #decide(turns: readonly Turn[]): readonly Outcome[] | Promise<readonly Outcome[]> {
    if (this.#look(turns)) return this.#finish(turns)
    this.#askForAll(turns)
    const open = turns.filter((turn) => turn.isOpen)
    const mayWait = this.#desk.isAnswering && open.length > 0
    const waitMs = mayWait ? Math.min(...open.map(({ check }) => check.deadlineMs)) : 0
    return waitMs > 0 ? this.#wait(turns, waitMs) : this.#finishAnew(turns)
  }

  /** Whether all is known, which it is as soon as one refuses. */
  #look(turns: readonly Turn[]): boolean {
    const nowMs = monotonicMs()
    for (const turn of turns) turn.look(nowMs)
    return turns.some(({ isRefused }) => isRefused) || turns.every(({ isOpen }) => !isOpen)
  }

  /**
   * The server decides about a sliding window when nothing else stands in the way, since that costs a unit there.
   * Until then a unit of what is lent is kept: else many would spend one of the window, and find that another has
   * taken theirs.
   */
  #askForAll(turns: readonly Turn[]): void {
    const open = turns.filter((turn) => turn.isOpen)
    const lent = open.filter((turn) => turn.isLent)
    for (const turn of lent.length > 0 ? lent : open) this.#ask(turn)
    if (lent.length === 0) for (const turn of turns) turn.keep()
  }

  #wait(turns: readonly Turn[], waitMs: number): Promise<readonly Outcome[]> {
    return new Promise((resolve) => {
      const states = new Set(turns.map(({ state }) => state))
      const end = () => {
        cancel()
        for (const { waiting } of states) waiting.delete(look)
        resolve(this.#finishAnew(turns))
      }
      const look = () => {
        if (this.#look(turns) || !this.#desk.isAnswering) return end()
        this.#askForAll(turns) // what was lent may have gone to those who came before
      }
      const cancel = quietTimer(end, waitMs)
      for (const { waiting } of states) waiting.add(look)
    })
  }

  /** Others may have spent meanwhile. */
  #finishAnew(turns: readonly Turn[]): readonly Outcome[] {
    this.#look(turns)
    return this.#finish(turns)
  }

  /** Spends what was just looked at, unless one refuses. What is still open goes as its policy says. */
  #finish(turns: readonly Turn[]): readonly Outcome[] {
    const outcomes = turns.map((turn) => turn.outcome(this.#epoch()))
    for (const turn of turns) turn.leave()
    if (!isPassed(outcomes)) return outcomes
    for (const turn of turns) this.#spend(turn)
    return outcomes
  }

  #decideShadows(turns: readonly Turn[]): readonly Outcome[] {
    this.#look(turns)
    return turns.flatMap((turn) => {
      const isTold = turn.isOpen && !turn.isLent // when it is answered
      if (turn.isOpen) this.#ask(turn, () => this.#onShadow(turn.outcome(this.#epoch())))
      if (isTold) return []
      this.#spend(turn)
      return [turn.outcome(this.#epoch())]
    })
  }

  #spend(turn: Turn): void {
    if (turn.spend()) this.#ask(turn)
    this.#desk.settle(turn.state.settle(monotonicMs()))
    this.#sweepLater()
  }

  #ask(turn: Turn, onDecided = () => {}): void {
    const { state } = turn
    const nowMs = monotonicMs()
    if (!turn.isLent) {
      if (turn.isAsked) return
      turn.isAsked = true
      const decided = (given: Decided | null) => {
        turn.decided = given
        onDecided()
      }
      this.#desk.ask({ id: newKey(), state, decided, isWanted: () => !turn.isLeft })
    } else if (state.holder.asked === null && nowMs >= state.holder.refusedUntilMs) {
      const id = newKey()
      state.holder = askForLease(state.holder, id, nowMs)
      this.#desk.ask({ id, state, decided: null, isWanted: () => !state.isForgotten })
    }
  }

  #stateOf(of: LimitOf): LimitState {
    const key = limitKey(of)
    const state = this.#states.get(key) ?? new LimitState(of)
    this.#states.delete(key)
    this.#states.set(key, state)
    if (this.#states.size > STATES_MAX) this.#forgetOldest()
    return state
  }

  #forgetOldest(): void {
    const [[key, state] = []] = this.#states
    if (key !== undefined && state !== undefined) this.#forget(key, state)
  }

  #forget(key: string, state: LimitState): void {
    this.#states.delete(key)
    state.isForgotten = true
    this.#desk.settle(state.settle(Number.POSITIVE_INFINITY))
  }

  /** Gives back what has ended, though nobody asks for more. */
  #sweepLater(): void {
    if (this.#isSweeping) return
    this.#isSweeping = true
    quietTimer(() => {
      this.#isSweeping = false
      const nowMs = monotonicMs()
      let isHolding = false
      for (const state of this.#states.values()) {
        this.#desk.settle(state.settle(nowMs))
        isHolding ||= state.holder.leases.length > 0
      }
      this.#desk.flush()
      if (isHolding) this.#sweepLater()
    }, SWEEP_MS)
  }
}

/** A check of one request. */
class Turn {
  readonly check: Check
  readonly state: LimitState
  isAsked = false
  /** Nobody waits for it any longer. */
  isLeft = false
  #isKept = false
  /** Of a limit that cannot be lent; undefined before there is an answer, null for an answer that is none. */
  decided: Decided | null | undefined
  #isHopeless = false
  #local: ReturnType<LimitState['look']> | null = null

  constructor(check: Check, state: LimitState) {
    this.check = check
    this.state = state
  }

  get isLent(): boolean {
    return this.check.rate.algorithm !== 'sliding_window'
  }

  get isRefused(): boolean {
    return this.isLent ? this.#local?.answer === 'refused' : this.decided?.isAllowed === false
  }

  /** Whether an answer may still come. */
  get isOpen(): boolean {
    if (this.#isHopeless) return false
    return this.isLent ? this.#local?.answer === 'ask' : this.decided === undefined
  }

  look(nowMs: number): void {
    this.#isHopeless = nowMs < this.state.unknownUntilMs
    if (this.isLent) this.#local = this.state.look(nowMs, this.#isKept)
  }

  /** Keeps of what is lent what this request takes. */
  keep(): void {
    if (this.#isKept || this.#local?.answer !== 'allowed') return
    this.#isKept = true
    this.state.kept += 1
  }

  leave(): void {
    this.isLeft = true
    if (this.#isKept) this.state.kept -= 1
    this.#isKept = false
  }

  /** Whether more should be asked for. */
  spend(): boolean {
    if (!this.isLent || this.#local?.answer !== 'allowed') return false
    this.state.spend(this.#local)
    return this.#local.shouldAsk
  }

  outcome(epochMs: number): Outcome {
    const { check } = this
    const isAllowed = this.#isAllowed
    if (isAllowed === null)
      return { check, is: `${verb(check.withoutAnswer)}_without_answer`, told: null }
    return { check, is: isAllowed ? 'allowed' : 'refused', told: this.#told(epochMs) }
  }

  /** Null without an answer. */
  get #isAllowed(): boolean | null {
    if (this.decided) return this.decided.isAllowed
    if (this.#local === null || this.#local.answer === 'ask') return null
    return this.#local.answer === 'allowed'
  }

  #told(epochMs: number): AppliedLimit | null {
    const { name, rate } = this.check
    if (rate.algorithm === 'balance') return null
    if (this.decided) return { name, limit: rate, decision: this.decided }
    return this.#local && toldOf(name, rate, this.#local, epochMs)
  }
}

function verb(what: Check['withoutAnswer']): 'allowed' | 'refused' {
  return what === 'allow' ? 'allowed' : 'refused'
}

export function isPassed(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ is }) => is === 'allowed' || is === 'allowed_without_answer')
}
