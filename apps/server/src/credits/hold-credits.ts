import { compareGrants, type Decimal, formatDecimal, sum, ZERO } from '@usageflow/pricing'
import { findMeter } from '../catalog/find-meter.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { schedule } from '../platform/due/schedule.ts'
import { newId } from '../platform/id.ts'
import { freeOf, type UnsettledUse } from './balance.ts'
import { type CreditGrant, isValidAt } from './credit.ts'
import { holdExpiryWork } from './due-work.ts'
import { failures } from './failures.ts'
import { leftOf } from './grant-credits.ts'
import { lockBalances, selectGrantsOf } from './grants.store.ts'
import { type Hold, isOpenAt } from './hold.ts'
import { insertHold, selectHold, selectKept, updateClosed } from './holds.store.ts'
import { tellWatchers } from './watch-balances.ts'
import { changeGrants } from './write-entries.ts'

export type Reservation = {
  readonly customer: string
  /** Id or key. */
  readonly meter: string
  readonly units: Decimal
  /** A repeat with the same key gets the same hold; null: every call makes one. */
  readonly key: string | null
  /** At most an hour. */
  readonly forMs: number
}

/**
 * Keeps units free until they are committed or released, or the time is over. Throws `customer.unknown`,
 * `meter.unknown`, `credit.insufficient`, and `hold.key_reused` where the key is that of other work.
 */
export async function reserve(
  tx: Tx,
  envId: number,
  wanted: Reservation & { readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<{ readonly hold: Hold; readonly isNew: boolean }> {
  const { customer, units, key } = wanted
  await getCustomer(tx, envId, customer)
  const { id: meterId } = await findMeter(tx, envId, wanted.meter)
  await lockBalances(tx, envId, [customer])
  const earlier = key === null ? undefined : await selectHold(tx, envId, { key })
  if (earlier) return { hold: sameWork(earlier, { customer, meterId, units }), isNew: false }
  const hold: Hold = {
    ...{ id: newId('hold'), customer, meterId, key, units, status: 'open', used: null },
    ...{ createdAt: now, expiresAt: new Date(now.getTime() + wanted.forMs), closedAt: null },
  }
  const available = await availableFor(tx, envId, { ...wanted, hold }, now)
  if (units > available) throw failures.insufficient(formatDecimal(available), formatDecimal(units))
  // Only another customer's hold can have come between: its key is not this one's.
  if (!(await insertHold(tx, envId, hold))) throw failures.holdKeyReused(key ?? '')
  await schedule(tx, envId, holdExpiryWork(hold))
  await tellWatchers(tx, envId, [customer], now)
  return { hold, isNew: true }
}

/**
 * Takes what the work has used, less or more than was held, from the credits that were valid when it was
 * held or are now. A repeat with the same units changes nothing. Throws `hold.unknown`, `hold.closed`,
 * and `credit.insufficient` where more is used than was held and is free: then the hold stays.
 */
export async function commit(
  tx: Tx,
  envId: number,
  done: { readonly id: string; readonly units: Decimal; readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<Hold> {
  const { id, units } = done
  const hold = await lockedHold(tx, envId, id)
  if (hold.status === 'committed' && hold.used === units) return hold
  assertOpen(hold, now)
  const grants = await grantsOf(tx, envId, hold, now)
  const isMore = units > hold.units
  const free = isMore ? await availableFor(tx, envId, { ...done, hold }, now) : leftOf(grants)
  if (units > free) throw failures.insufficient(formatDecimal(free), formatDecimal(units))
  const closed: Hold = { ...hold, status: 'committed', used: units, closedAt: now }
  if (!(await updateClosed(tx, envId, closed))) throw failures.holdClosed(id, 'expired')
  await changeGrants(tx, envId, takenFrom(grants, units, id), now)
  return closed
}

/** Gives the units free again. A repeat changes nothing. Throws `hold.unknown` and `hold.closed`. */
export async function release(tx: Tx, envId: number, id: string, now: Date): Promise<Hold> {
  const hold = await lockedHold(tx, envId, id)
  if (hold.status === 'released') return hold
  assertOpen(hold, now)
  const closed: Hold = { ...hold, status: 'released', closedAt: now }
  if (!(await updateClosed(tx, envId, closed))) throw failures.holdClosed(id, 'expired')
  return closed
}

/** Throws `hold.unknown`. */
export async function getHold(tx: Tx, envId: number, id: string): Promise<Hold> {
  const hold = await selectHold(tx, envId, { id })
  if (!hold) throw failures.holdUnknown(id)
  return hold
}

async function lockedHold(tx: Tx, envId: number, id: string): Promise<Hold> {
  const { customer } = await getHold(tx, envId, id)
  await lockBalances(tx, envId, [customer])
  return getHold(tx, envId, id)
}

function assertOpen(hold: Hold, now: Date): void {
  if (isOpenAt(hold, now)) return
  throw failures.holdClosed(hold.id, hold.status === 'open' ? 'expired' : hold.status)
}

function sameWork(
  hold: Hold,
  { customer, meterId, units }: Pick<Hold, 'customer' | 'meterId' | 'units'>,
): Hold {
  if (hold.customer === customer && hold.meterId === meterId && hold.units === units) return hold
  throw failures.holdKeyReused(hold.key ?? '')
}

/** What is free for a hold: all but what others hold and what usage that is not invoiced yet will take. */
async function availableFor(
  tx: Tx,
  envId: number,
  { hold, unsettledUse }: { readonly hold: Hold; readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<Decimal> {
  const { customer, meterId, id } = hold
  const grants = await grantsOf(tx, envId, hold, now)
  const kept = await selectKept(tx, envId, customer, now)
  const others = kept.filter((other) => other.meterId === meterId && other.id !== id)
  const used = await unsettledUse(tx, envId, customer)
  return freeOf(grants, used, sum(others.map(({ units }) => units))).available
}

/** Those that can pay for the work of a hold, in the order of their use. */
async function grantsOf(tx: Tx, envId: number, hold: Hold, now: Date): Promise<CreditGrant[]> {
  const { customer, meterId, createdAt } = hold
  const window = { from: createdAt, to: new Date(now.getTime() + 1) }
  const grants = await selectGrantsOf(tx, envId, { customers: [customer], ...window })
  return grants
    .filter(({ asset }) => asset.kind === 'units' && asset.meterId === meterId)
    .filter((grant) => isValidAt(grant, createdAt) || isValidAt(grant, now))
    .sort(compareGrants)
}

function takenFrom(grants: readonly CreditGrant[], units: Decimal, holdId: string) {
  let needed: bigint = units
  return grants.map((grant) => {
    const taken = needed < grant.left ? needed : grant.left
    needed -= taken
    const amount = (taken === 0n ? ZERO : -taken) as Decimal
    return { grant, entry: { kind: 'hold_commit', amount, holdId } as const }
  })
}
