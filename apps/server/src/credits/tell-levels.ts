import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFacts } from '../platform/facts/append-fact.ts'
import type { UnsettledUse } from './balance.ts'
import { type CreditGrant, isValidAt, poolOf } from './credit.ts'
import { lockBalances, selectGrantsOf } from './grants.store.ts'
import { deleteNotices, insertCreditWatch, insertNotices, type Notice } from './notices.store.ts'
import { factOf } from './write-entries.ts'

/**
 * Tells which units of a customer are low or used up, counting usage that is not invoiced yet, and was not
 * told; and notes which are so no longer. Happening twice, the second has nothing to tell.
 */
export async function tellLevels(
  tx: Tx,
  envId: number,
  { customer, unsettledUse }: { readonly customer: string; readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<void> {
  const units = await validUnits(tx, envId, customer, now)
  if (units.length === 0) return
  await lockBalances(tx, envId, [customer])
  const used = await unsettledUse(tx, envId, customer)
  const live = (await validUnits(tx, envId, customer, now)).map((grant) => withoutUsed(grant, used))
  const levels = [...live.flatMap(lowLevel), ...poolLevels(live)]
  const noticesOf = (isReached: boolean) =>
    levels.filter((level) => level.isReached === isReached).map(({ notice }) => notice)
  await deleteNotices(tx, envId, noticesOf(false))
  const untold = await insertNotices(tx, envId, noticesOf(true), now)
  const facts = levels
    .filter(({ notice, isReached }) => isReached && untold.has(notice.subject))
    .map(({ notice, grant }) => factOf(`credits.${notice.kind}`, grant, now))
  await appendFacts(tx, envId, facts)
}

/** From now on every change of a balance of the environment is looked at. */
export async function watchBalances(tx: Tx, envId: number): Promise<void> {
  await insertCreditWatch(tx, envId)
}

type Level = { readonly notice: Notice; readonly grant: CreditGrant; readonly isReached: boolean }

/** Money pays when an invoice is made: usage takes none of it before. */
async function validUnits(tx: Tx, envId: number, customer: string, now: Date) {
  const moment = { from: now, to: new Date(now.getTime() + 1) }
  const grants = await selectGrantsOf(tx, envId, { customers: [customer], ...moment })
  return grants.filter(
    (grant) => grant.asset.kind === 'units' && grant.voidedAt === null && isValidAt(grant, now),
  )
}

function withoutUsed(grant: CreditGrant, used: ReadonlyMap<string, Decimal>): CreditGrant {
  const left = grant.left - (used.get(grant.id) ?? ZERO)
  return { ...grant, left: (left > 0n ? left : ZERO) as Decimal }
}

function lowLevel(grant: CreditGrant): Level[] {
  const { customer, id, lowAt, left } = grant
  if (lowAt === null) return []
  return [{ notice: { customer, kind: 'low', subject: id }, grant, isReached: left <= lowAt }]
}

/** Of each pool, with the grant that is used last. */
function poolLevels(live: readonly CreditGrant[]): Level[] {
  const pools = new Map<string, CreditGrant[]>()
  for (const grant of live) pools.set(poolOf(grant), [...(pools.get(poolOf(grant)) ?? []), grant])
  return [...pools].flatMap(([subject, pool]) => {
    const last = pool.at(-1)
    const isReached = sum(pool.map(({ left }) => left)) === ZERO
    return last
      ? [
          {
            notice: { customer: last.customer, kind: 'exhausted', subject },
            grant: last,
            isReached,
          },
        ]
      : []
  })
}
