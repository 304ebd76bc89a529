import type { LeaseAnswer } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { type FoundLimit, limitOf } from './find-limit.ts'
import {
  type AskResult,
  type LeaseCall,
  type LeaseItem,
  lendLimits,
  type NamedLimit,
  type SharedClock,
} from './lend-limits.ts'
import type { BalanceLimit } from './policy.ts'

/** Whose balance, and of what. */
export type BalanceOwner = { readonly customer: string; readonly meter: string }

type BalanceItem = Pick<BalanceLimit, 'meter' | 'planPays'> & {
  readonly id: string
  /** Null: of somebody who is no customer. */
  readonly customer: string | null
}

/** What a process settles and asks for of balances. */
export type BalanceCall = {
  readonly holder: string
  readonly settle: readonly (BalanceItem & { readonly used: number })[]
  readonly ask: readonly (BalanceItem & { readonly needed: number })[]
}

/** Answers in the order of the asks. */
export type LendBalances = (tx: Tx, call: BalanceCall) => Promise<LeaseAnswer[]>

/** Whoever knows what customers may still use. */
export type BalanceLender = {
  /**
   * Before the transaction, since it takes connections of its own: finds out what is slow to find out about these. Others may be
   * lent to as well, only slower.
   */
  lookAhead(envId: number, owners: readonly BalanceOwner[], now: Date): Promise<LendBalances>
}

/**
 * Settles what a process has used of windows and balances, then answers what it asks for, in its order, as `lendLimits` does.
 * Balances come first: whoever waits for an invoice that takes credits keeps nobody from the limits of windows meanwhile.
 */
export async function lendLeases(
  tx: Tx,
  envId: number,
  call: LeaseCall & { readonly lendBalances: LendBalances; readonly known: KnownBalances },
  sharedClock?: SharedClock,
): Promise<AskResult[]> {
  const limits = await limitsIn(tx, envId, call)
  call.known.note(envId, limits)
  const balanceFor = ({ limit }: LeaseItem): BalanceLimit | null => {
    const found = limits.get(textOf(limit)) ?? null
    return found?.algorithm === 'balance' ? found : null
  }
  const isWindow = (item: LeaseItem): boolean => balanceFor(item) === null
  const balances = balanceCall(call, balanceFor)
  const isAsked = balances.settle.length + balances.ask.length > 0
  const ofBalances = isAsked ? await call.lendBalances(tx, balances) : []
  const windows = { ...call, settle: call.settle.filter(isWindow), ask: call.ask.filter(isWindow) }
  const ofWindows = await lendLimits(
    tx,
    envId,
    { ...windows, limitFor: (limit) => windowAmong(limits, limit) },
    sharedClock,
  )
  const next = [ofWindows[Symbol.iterator](), ofBalances[Symbol.iterator]()] as const
  return call.ask.map((item) => next[isWindow(item) ? 0 : 1].next().value as AskResult)
}

/** By the text of each limit. Policies go by their ids here: one that could be named by its key as well would be counted twice. */
async function limitsIn(
  tx: Tx,
  envId: number,
  { settle, ask }: LeaseCall,
): Promise<ReadonlyMap<string, FoundLimit | null>> {
  const limits = new Map<string, FoundLimit | null>()
  for (const { limit } of [...settle, ...ask]) {
    if ('rate' in limit || limits.has(textOf(limit))) continue
    const { policyId, name } = limit
    const isId = policyId.startsWith('pol_')
    limits.set(textOf(limit), isId ? await limitOf(tx, envId, policyId, name) : null)
  }
  return limits
}

function windowAmong(limits: ReadonlyMap<string, FoundLimit | null>, limit: NamedLimit) {
  if ('rate' in limit) return limit.rate
  const found = limits.get(textOf(limit)) ?? null
  return found?.algorithm === 'balance' ? null : found
}

function balanceCall(
  { holder, settle, ask }: LeaseCall,
  balanceFor: (item: LeaseItem) => BalanceLimit | null,
): BalanceCall {
  const ofBalance = <Item extends LeaseItem>(item: Item) => {
    const found = balanceFor(item)
    if (!found) return []
    const { meter, planPays } = found
    const customer = item.identity?.kind === 'customer' ? item.identity.id : null
    return [{ ...item, meter, planPays, customer }]
  }
  return { holder, settle: settle.flatMap(ofBalance), ask: ask.flatMap(ofBalance) }
}

/**
 * Which limits were balances when they were last asked for, so that the next call can look ahead. Only that: whether one is, the
 * policy says each time.
 */
export type KnownBalances = {
  note(envId: number, limits: ReadonlyMap<string, FoundLimit | null>): void
  ownersIn(envId: number, call: Pick<LeaseCall, 'ask'>): BalanceOwner[]
}

const KNOWN_MAX = 10_000

export function createKnownBalances(): KnownBalances {
  const meters = new Map<string, string>()
  return {
    note(envId, limits) {
      for (const [text, limit] of limits) {
        if (limit?.algorithm !== 'balance') meters.delete(`${envId} ${text}`)
        else if (meters.size < KNOWN_MAX) meters.set(`${envId} ${text}`, limit.meter)
      }
    },
    ownersIn: (envId, { ask }) =>
      ask.flatMap(({ limit, identity }) => {
        const meter = meters.get(`${envId} ${textOf(limit)}`)
        const isOwner = meter !== undefined && identity?.kind === 'customer'
        return isOwner ? [{ customer: identity.id, meter }] : []
      }),
  }
}

function textOf(limit: NamedLimit): string {
  return 'rate' in limit ? '' : JSON.stringify([limit.policyId, limit.name])
}
