import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { type Asset, type CreditGrant, isValidAt } from './credit.ts'
import { leftOf } from './grant-credits.ts'
import { selectGrantsOf } from './grants.store.ts'
import { selectKept } from './holds.store.ts'

/**
 * What the usage of periods that are not invoiced yet will take, of each grant of a customer, by its id:
 * units, or whole minor units. The rating of open periods answers it.
 */
export type UnsettledUse = (
  tx: Tx,
  envId: number,
  customer: string,
) => Promise<ReadonlyMap<string, Decimal>>

/** What a customer has of a meter, or of money with one scope. Amounts are units or minor units. */
export type Balance = {
  readonly asset: Asset
  /** What the ledger says is left of what is valid now. */
  readonly left: Decimal
  /** Of that, what usage that is not invoiced yet will take. */
  readonly unsettled: Decimal
  /** Of that, what is kept for work under way. */
  readonly held: Decimal
  /** What is free: never below 0. */
  readonly available: Decimal
}

/** What a customer has now: its ledger, less the usage that is not invoiced yet, less open holds. */
export async function balancesOf(
  tx: Tx,
  envId: number,
  asked: { readonly customer: string; readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<Balance[]> {
  const { customer, unsettledUse } = asked
  const moment = { from: now, to: new Date(now.getTime() + 1) }
  const grants = await selectGrantsOf(tx, envId, { customers: [customer], ...moment })
  const valid = grants.filter((grant) => isValidAt(grant, now))
  const kept = await selectKept(tx, envId, customer, now)
  const used = await unsettledUse(tx, envId, customer)
  const pools = new Map<string, CreditGrant[]>()
  for (const grant of valid) {
    const key = JSON.stringify(grant.asset)
    pools.set(key, [...(pools.get(key) ?? []), grant])
  }
  return [...pools.values()].flatMap((pool) => {
    const [first] = pool
    if (!first) return []
    const { asset } = first
    const mine = kept.filter(({ meterId }) => asset.kind === 'units' && asset.meterId === meterId)
    const held = sum(mine.map(({ units }) => units))
    return [{ asset, ...freeOf(pool, used, held) }]
  })
}

/** What is free of grants that can take the place of one another. */
export function freeOf(
  pool: readonly CreditGrant[],
  used: ReadonlyMap<string, Decimal>,
  held: Decimal,
): Omit<Balance, 'asset'> {
  const left = leftOf(pool)
  const unsettled = sum(pool.map(({ id, left }) => least(used.get(id) ?? ZERO, left)))
  const free = left - unsettled - held
  return { left, unsettled, held, available: (free > 0n ? free : ZERO) as Decimal }
}

function least(a: Decimal, b: Decimal): Decimal {
  return a < b ? a : b
}
