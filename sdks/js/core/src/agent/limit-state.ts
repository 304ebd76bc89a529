import {
  type AppliedLimit,
  HOLDS_NOTHING,
  type Holder,
  type Identity,
  identityKey,
  type LeaseSettlement,
  type LocalDecision,
  type RateLimit,
  spendLocally,
  takeSettlements,
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
  readonly rate: RateLimit
  /** Null: of all together. */
  readonly identity: Identity | null
}

/** One text for each. */
export function limitKey({ limit, rate, identity }: LimitOf): string {
  const name = 'policyId' in limit ? [limit.policyId, limit.name] : [limit.pattern]
  const { algorithm, limit: units, windowMs } = rate
  return JSON.stringify([...name, algorithm, units, windowMs, identity && identityKey(identity)])
}

/** A settlement as it goes over the wire. */
export type SentSettlement = LeaseSettlement & Pick<LimitOf, 'limit' | 'identity'>

/** What this process holds of a limit. */
export class LimitState {
  readonly of: LimitOf
  holder: Holder = HOLDS_NOTHING
  /** Until then the server is not asked: it did not know the limit. */
  unknownUntilMs = Number.NEGATIVE_INFINITY
  /** Units of requests that wait for what else is decided about them, and not spent yet. */
  kept = 0
  /** It was not seen for long, and nothing is asked for it any more. */
  isForgotten = false
  /** Requests that wait for an answer. */
  readonly waiting = new Set<() => void>()

  constructor(of: LimitOf) {
    this.of = of
  }

  /** What a request would be answered, with a unit kept for it or not; nothing is spent yet. */
  look(nowMs: number, isKept: boolean): LocalDecision {
    const alone = spendLocally(this.holder, 1, nowMs)
    const keptByOthers = this.kept - (isKept ? 1 : 0)
    if (keptByOthers === 0) return alone
    return { ...spendLocally(this.holder, 1 + keptByOthers, nowMs), holder: alone.holder }
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
      : windowMs - (epochMs % windowMs)
  const isAllowed = answer !== 'refused'
  return { name, limit: rate, decision: { isAllowed, remaining, resetMs, retryAfterMs } }
}
