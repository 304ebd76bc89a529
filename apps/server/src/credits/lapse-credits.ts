import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { appendFacts } from '../platform/facts/append-fact.ts'
import type { CreditGrant, Cycle } from './credit.ts'
import { LAPSE_DELAY_MS } from './due-work.ts'
import { leftOf, writeGrant } from './grant-credits.ts'
import { lockBalances, selectEnding, selectGrants } from './grants.store.ts'
import { selectPeriodFrom, selectUnsettledEnd } from './settled-periods.store.ts'
import { changeGrants, factOf } from './write-entries.ts'

const HOUR_MS = 60 * 60 * 1_000
const SOON_MS = 6 * HOUR_MS
const DAY_MS = 24 * HOUR_MS

/**
 * Ends a grant whose time is over, once no invoice can need it any more: what is left of it goes over into
 * the next period as far as its plan says, and the rest lapses. Until then the work is postponed.
 */
export async function lapse(tx: Tx, job: Job): Promise<void> {
  const { envId, now } = job
  const [grant] = await selectGrants(tx, envId, [job.ref])
  if (grant?.to) {
    const again = await waitUntil(tx, envId, grant, now)
    if (again) return postpone(tx, job, again)
    await lockBalances(tx, envId, [grant.customer])
    await end(tx, envId, grant, now)
  }
  await finish(tx, [job])
}

async function waitUntil(
  tx: Tx,
  envId: number,
  grant: CreditGrant,
  now: Date,
): Promise<Date | null> {
  const end = await selectUnsettledEnd(tx, envId, grant, now)
  if (end === null) return null
  const firstMs = end.getTime() + LAPSE_DELAY_MS
  const nowMs = now.getTime()
  if (nowMs < firstMs) return new Date(firstMs)
  return new Date(nowMs + (nowMs < end.getTime() + SOON_MS ? HOUR_MS : DAY_MS))
}

async function end(tx: Tx, envId: number, grant: CreditGrant, now: Date): Promise<void> {
  const { cycle, to } = grant
  const rolls = cycle?.rollover && to
  if (rolls) await rollOver(tx, envId, { cycle, end: to }, now)
  const [rest] = await selectGrants(tx, envId, [grant.id])
  if (!rest || rest.left === ZERO) return
  const amount = -rest.left as Decimal
  await changeGrants(tx, envId, [{ grant: rest, entry: { kind: 'expiry', amount } }], now)
  await appendFacts(tx, envId, [factOf('credits.expired', rest, now)])
}

/**
 * Hands on what is left of all grants of one credit that end together, those first that may go over most
 * often, up to the cap for all of them: so it is the same in whatever order their work is done.
 */
async function rollOver(
  tx: Tx,
  envId: number,
  { cycle, end }: { readonly cycle: Cycle; readonly end: Date },
  now: Date,
): Promise<void> {
  const { subscriptionId, creditNo } = cycle
  const next = await selectPeriodFrom(tx, envId, subscriptionId, end)
  if (!next) return
  const { ending, rolled } = await selectEnding(tx, envId, { subscriptionId, creditNo, end })
  const cap = cycle.rollover?.cap ?? null
  const before = sum(rolled.map(({ amount }) => amount))
  let room: bigint = (cap ?? sum([before, leftOf(ending)])) - before
  for (const grant of ending.sort(byTimesLeft)) {
    const amount = least(grant.left, room)
    if (!grant.cycle?.rollover || amount <= ZERO) continue
    if (await handOn(tx, envId, { grant, amount, next }, now)) room -= amount
  }
}

/** False: it has gone over before; what came back since then lapses. */
async function handOn(
  tx: Tx,
  envId: number,
  what: {
    readonly grant: CreditGrant
    readonly amount: Decimal
    readonly next: { readonly no: number; readonly end: Date }
  },
  now: Date,
): Promise<boolean> {
  const { grant, amount, next } = what
  const { cycle, to } = grant
  if (!cycle || !to) return false
  const times = timesLeft(grant) - 1
  const rollover = times > 0 ? { cap: cycle.rollover?.cap ?? null, periods: times } : null
  const { id: _, grantedAt: __, voidedAt: ___, left: ____, ...same } = grant
  const rest = {
    ...{ ...same, amount, from: to, to: next.end, source: 'rollover' as const },
    cycle: { ...cycle, periodNo: next.no, rollover, rolledFrom: grant.id },
  }
  if (!(await writeGrant(tx, envId, rest, now))) return false
  const entry = { kind: 'rollover', amount: -amount as Decimal } as const
  await changeGrants(tx, envId, [{ grant, entry }], now)
  return true
}

function byTimesLeft(a: CreditGrant, b: CreditGrant): number {
  return timesLeft(b) - timesLeft(a) || (a.id < b.id ? -1 : 1)
}

function timesLeft({ cycle }: CreditGrant): number {
  return cycle?.rollover?.periods ?? 0
}

function least(a: bigint, b: bigint): Decimal {
  return (a < b ? a : b) as Decimal
}
