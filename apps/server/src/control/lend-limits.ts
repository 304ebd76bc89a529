import { hash } from 'node:crypto'
import { type Identity, identityKey, type LeaseAnswer, type RateLimit } from '@usageflow/policy'
import type { Tx } from '../platform/db/transaction.ts'
import { type Failure, invariant } from '../platform/errors.ts'
import { failures } from './lease-failures.ts'
import {
  answerAsk,
  type LimitDecision,
  type LimitState,
  neededUntilMs,
  settle,
} from './limit-state.ts'
import {
  databaseNowMs,
  lockStates,
  type StateKey,
  selectStates,
  updateStates,
} from './limit-states.store.ts'
import type { Share } from './policy.ts'

/** A limit of a policy, or one that stands in the code of the host. */
export type NamedLimit =
  | { readonly policyId: string; readonly name: string }
  | { readonly pattern: string; readonly rate: RateLimit }

/** What is asked for, or settled: a limit for one identity, or with null for all together. */
export type LeaseItem = {
  readonly limit: NamedLimit
  readonly identity: Identity | null
  readonly id: string
}

export type LeaseCall = {
  readonly application: string
  /** One process. */
  readonly holder: string
  readonly settle: readonly (LeaseItem & { readonly used: number })[]
  readonly ask: readonly (LeaseItem & { readonly needed: number })[]
}

/** Of one ask; a failure is of that one alone. */
export type AskResult = LeaseAnswer | LimitDecision | Failure

/**
 * Milliseconds since 1970 on a clock that all server processes share. Not on that of each process: one that is two seconds
 * ahead would lend of the next window while what another has lent of this one is still being used.
 */
export type SharedClock = (tx: Tx) => Promise<number>

/** What of limits with windows is known: null for one that is not there. */
export type LimitFinder = (limit: NamedLimit) => Rate | null

/**
 * Settles what a process has used, then answers what it asks for, in its order. The same call again lends nothing
 * twice and gives back nothing twice. What is lent and used together never exceeds a limit, whoever asks at the
 * same time.
 */
export async function lendLimits(
  tx: Tx,
  envId: number,
  call: LeaseCall & { readonly limitFor: LimitFinder },
  sharedClock: SharedClock = databaseNowMs,
): Promise<AskResult[]> {
  const places = placesOf(call)
  const accounts = await openAccounts(tx, envId, [...places.values()])
  const nowMs = await sharedClock(tx) // when they are locked: the time of waiting for them is over
  const accountOf = (item: LeaseItem) => accounts.get(textOf(places.get(item)))
  // Of a process of its own: two that choose one id do not get one lease.
  const ownId = ({ id }: LeaseItem) => `${call.holder} ${id}`

  for (const item of call.settle) {
    const account = accountOf(item)
    const settlement = { id: ownId(item), used: item.used }
    if (account) account.state = settle(account.rate, account.state, settlement, nowMs)
  }
  const results = call.ask.map((item): AskResult => {
    const account = accountOf(item)
    if (!account) return unknown(item.limit)
    const ask = { id: ownId(item), holder: call.holder, needed: item.needed }
    const { state, answer } = answerAsk(account.rate, account.state, ask, nowMs)
    account.state = state
    return { ...answer, id: item.id }
  })
  await writeChanged(tx, envId, [...accounts.values()])
  return results
}

function unknown(limit: NamedLimit): Failure {
  invariant('policyId' in limit, 'a limit that is sent along is known')
  return failures.limitUnknown(limit.policyId, limit.name)
}

/** Where the state of an item stands, and what limits it. */
type Place = StateKey & { readonly rate: RateLimit }

type Account = Place & { readonly stored: LimitState; state: LimitState }

/** Of every item whose limit there is. */
function placesOf({
  application,
  settle,
  ask,
  limitFor,
}: Parameters<typeof lendLimits>[2]): ReadonlyMap<LeaseItem, Place> {
  const places = new Map<LeaseItem, Place>()
  for (const item of [...settle, ...ask]) {
    const rate = limitFor(item.limit)
    if (rate) places.set(item, placeOf(application, item, rate))
  }
  return places
}

type Rate = RateLimit & { readonly per?: Share }

function placeOf(application: string, { limit, identity }: LeaseItem, rate: Rate): Place {
  const whose = rate.per === 'all' ? null : identity // the policy says, whatever a process makes of it
  return {
    limit: hashOf(limitName(application, limit, rate)),
    identity: hashOf(whose && identityKey(whose)),
    rate,
  }
}

/**
 * What of a limit makes it another one. A policy may get another number and goes on with what was used; with another
 * window or algorithm it begins anew, since what was counted says nothing about that.
 */
function limitName(
  application: string,
  limit: NamedLimit,
  { algorithm, windowMs, period, limit: units }: RateLimit,
) {
  if ('rate' in limit) return ['code', application, limit.pattern, algorithm, windowMs, units]
  const name = ['policy', limit.policyId, limit.name, algorithm, windowMs]
  return period === undefined ? name : [...name, period]
}

async function openAccounts(
  tx: Tx,
  envId: number,
  places: readonly Place[],
): Promise<Map<string, Account>> {
  const distinct = new Map(places.map((place) => [textOf(place), place]))
  if (distinct.size === 0) return new Map()
  await lockStates(tx, envId, [...distinct.values()])
  const stored = await selectStates(tx, envId, [...distinct.values()])
  const states = new Map(stored.map(({ state, ...key }) => [textOf(key), state]))
  const accounts = [...distinct].map(([text, place]) => {
    const state = states.get(text)
    invariant(state !== undefined, 'what is locked is there')
    return [text, { ...place, stored: state, state }] as const
  })
  return new Map(accounts)
}

async function writeChanged(tx: Tx, envId: number, accounts: readonly Account[]): Promise<void> {
  const changed = accounts.filter(({ state, stored }) => state !== stored)
  if (changed.length === 0) return
  const rows = changed.map((account) => ({
    ...account,
    neededUntil: new Date(neededUntilMs(account.rate, account.state)),
  }))
  await updateStates(tx, envId, rows)
}

function textOf(key: StateKey | undefined): string {
  return key ? `${key.limit} ${key.identity}` : ''
}

function hashOf(name: unknown): string {
  return hash('sha256', JSON.stringify(name))
}
