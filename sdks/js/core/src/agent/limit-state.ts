import {
  type AppliedLimit,
  costOf,
  HOLDS_NOTHING,
  type Holder,
  type Identity,
  identityKey,
  type LeaseSettlement,
  type Limit,
  type LocalDecision,
  type RateLimit,
  spendLocally,
  takeSettlements,
  windowEndMs,
} from '@usageflow/policy'

/** A limit as an ask names it. */
export type LimitName =
  | { readonly policyId: string; readonly name: string }
  | {
      readonly pattern: string
      readonly limit: number
      readonly window: string
      readonly algorithm: RateLimit['algorithm']
    }

/** Whose units of which limit. */
export type LimitOf = {
  readonly limit: LimitName
  readonly rate: Limit
  /** Null: of all together. */
  readonly identity: Identity | null
}

/** One text for each. */
export function limitKey({ limit, rate, identity }: LimitOf): string {
  const name = 'policyId' in limit ? [limit.policyId, limit.name] : [limit.pattern]
  return JSON.stringify([...name, ...figuresOf(rate), identity && identityKey(identity)])
}

function figuresOf(rate: Limit): readonly unknown[] {
  if (rate.algorithm === 'balance') return [rate.algorithm, rate.meter, rate.unitsPerRequest]
  const { algorithm, limit, windowMs, period } = rate
  return [algorithm, limit, windowMs, period]
}

/** A settlement as it goes over the wire. */
export type SentSettlement = LeaseSettlement & Pick<LimitOf, 'limit' | 'identity'>

/** What this process holds of a limit. */
export class LimitState {
  readonly of: LimitOf
  holder: Holder = HOLDS_NOTHING
  /** Until then the server is not asked: it did not know the limit. */
  unknownUntilMs = Number.NEGATIVE_INFINITY
  /** Requests that wait for what else is decided about them, and whose units are not spent yet. */
  kept = 0
  /** Nothing is asked for it any more, and what still comes is given back. */
  isForgotten = false
  /** Requests that wait for an answer. */
  readonly waiting = new Set<() => void>()

  constructor(of: LimitOf) {
    this.of = of
  }

  /** Units of a request. */
  get cost(): number {
    return costOf(this.of.rate)
  }

  /** What a request would be answered, with a unit kept for it or not; nothing is spent yet. */
  look(nowMs: number, isKept: boolean): LocalDecision {
    const alone = spendLocally(this.holder, this.cost, nowMs)
    const keptByOthers = this.kept - (isKept ? 1 : 0)
    if (keptByOthers === 0) return alone
    const all = spendLocally(this.holder, this.cost * (1 + keptByOthers), nowMs)
    return { ...all, holder: alone.holder }
  }

  spend({ holder }: LocalDecision): void {
    this.holder = holder
  }

  wake(): void {
    for (const go of this.waiting) go()
  }

  settle(byMs: number): SentSettlement[] {
    const { holder, settlements } = takeSettlements(this.holder, byMs)
    this.holder = holder
    const { limit, identity } = this.of
    return settlements.map((settlement) => ({ ...settlement, limit, identity }))
  }
}

/** What a client is told of a decision that was made here: of what is left, as much as this process knows. */
export function toldOf(
  name: string,
  rate: RateLimit,
  { answer, remaining, retryAfterMs }: Pick<LocalDecision, 'answer' | 'remaining' | 'retryAfterMs'>,
  epochMs: number,
): AppliedLimit {
  const { limit, windowMs, algorithm } = rate
  const resetMs =
    algorithm === 'token_bucket'
      ? Math.ceil(((limit - remaining) * windowMs) / limit)
      : windowEndMs(rate, epochMs) - epochMs
  const isAllowed = answer !== 'refused'
  return { name, limit: rate, decision: { isAllowed, remaining, resetMs, retryAfterMs } }
}
