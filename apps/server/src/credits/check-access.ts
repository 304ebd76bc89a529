import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { ROOT } from '../customers/customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { activePrices } from '../subscriptions/covering.ts'
import { type Ground, selectGround } from './access.store.ts'
import type { UnsettledUse } from './balance.ts'

/** Why a customer may use a meter, or may not. */
export const ACCESS_REASONS = ['credits', 'plan', 'suspended', 'paused', 'nothing'] as const

export type Access = {
  readonly isAllowed: boolean
  readonly reason: (typeof ACCESS_REASONS)[number]
  /** The nearest subscription upward that has a price for the meter now. */
  readonly subscriptionId: string | null
  /** Units of the customer's own credits that are free. */
  readonly available: Decimal
  readonly held: Decimal
}

export type AccessQuestion = {
  readonly customer: string
  /** Id or key. */
  readonly meter: string
  readonly units: Decimal
}

/**
 * Whether a customer may use so many units now: its plan has a price for them, or its credits cover them
 * all. Nothing is kept free: for that there are holds. Throws `customer.unknown` and `meter.unknown`.
 */
export async function checkAccess(
  tx: Tx,
  envId: number,
  asked: AccessQuestion & { readonly unsettledUse: UnsettledUse },
  now: Date,
): Promise<Access> {
  const ground = await selectGround(tx, envId, asked, now)
  if (!ground.isCustomer) throw customerFailures.unknown(asked.customer)
  if (ground.meterId === null) throw meterFailures.unknown(asked.meter)
  const available = await freeUnits(tx, envId, { ...asked, ground })
  const payer = await payerOf(tx, envId, { meterId: ground.meterId, chain: ground.chain }, now)
  const subscriptionId = payer?.id ?? null
  const said = { subscriptionId, available, held: ground.held }
  if (payer?.status === 'suspended') return { ...said, isAllowed: false, reason: 'suspended' }
  if (available >= asked.units) return { ...said, isAllowed: true, reason: 'credits' }
  if (payer?.status === 'paused') return { ...said, isAllowed: false, reason: 'paused' }
  if (payer) return { ...said, isAllowed: true, reason: 'plan' }
  return { ...said, isAllowed: false, reason: 'nothing' }
}

async function freeUnits(
  tx: Tx,
  envId: number,
  {
    customer,
    ground,
    unsettledUse,
  }: { readonly customer: string; readonly ground: Ground; readonly unsettledUse: UnsettledUse },
): Promise<Decimal> {
  if (ground.grants.length === 0) return ZERO
  const used = await unsettledUse(tx, envId, customer)
  const free = ground.grants.map(({ id, left }) => atLeastZero(left - (used.get(id) ?? ZERO)))
  return atLeastZero(sum(free) - ground.held)
}

/** The subscription that bills the customer's usage of the meter now. */
async function payerOf(
  tx: Tx,
  envId: number,
  { meterId, chain }: { readonly meterId: string; readonly chain: readonly string[] },
  now: Date,
) {
  const customers = [...chain.filter((customer) => customer !== ROOT), ROOT]
  const to = new Date(now.getTime() + 1)
  const prices = await activePrices(tx, envId, { meterIds: [meterId], customers, from: now, to })
  const nearest = prices.toSorted(
    (a, b) => customers.indexOf(a.customer) - customers.indexOf(b.customer),
  )[0]
  return nearest && getSubscription(tx, envId, nearest.subscriptionId)
}

function atLeastZero(units: bigint): Decimal {
  return (units > 0n ? units : 0n) as Decimal
}
