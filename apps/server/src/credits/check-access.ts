import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type Ground, selectGround } from './access.store.ts'
import type { RememberedUse } from './remembered-use.ts'

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
 * all. Nothing is kept free: for that there are holds. Ledger, holds and subscription are as they are at this
 * instant; usage is about a second behind at most. Throws `customer.unknown` and `meter.unknown`.
 */
export async function checkAccess(
  executor: Tx | Database['kysely'],
  envId: number,
  asked: AccessQuestion & { readonly rememberedUse: RememberedUse },
  now: Date,
): Promise<Access> {
  const { customer, meter, units } = asked
  const { ground, used } = await groundAndUse(executor, envId, asked, now)
  if (!ground.isCustomer) throw customerFailures.unknown(customer)
  if (ground.meterId === null) throw meterFailures.unknown(meter)
  return accessTo(units, ground, used)
}

/** What stands behind so many units, or that nothing does. */
export function accessTo(
  units: Decimal,
  ground: Ground,
  used: ReadonlyMap<string, Decimal>,
): Access {
  const { payer, held } = ground
  const available = freeUnits(ground, used)
  const said = { subscriptionId: payer?.id ?? null, available, held }
  if (payer?.status === 'suspended') return { ...said, isAllowed: false, reason: 'suspended' }
  if (available >= units) return { ...said, isAllowed: true, reason: 'credits' }
  if (payer?.status === 'paused') return { ...said, isAllowed: false, reason: 'paused' }
  if (payer) return { ...said, isAllowed: true, reason: 'plan' }
  return { ...said, isAllowed: false, reason: 'nothing' }
}

const TRIES = 3 // then nobody waits for a ledger that changes all the time

/** What a ledger has left and what usage takes of it must be of one version of the ledger. */
async function groundAndUse(
  executor: Tx | Database['kysely'],
  envId: number,
  asked: AccessQuestion & { readonly rememberedUse: RememberedUse },
  now: Date,
): Promise<{ readonly ground: Ground; readonly used: ReadonlyMap<string, Decimal> }> {
  const { customer, rememberedUse } = asked
  const groundBy = (by: Tx | Database['kysely']) => selectGround(by, envId, asked, now)
  for (let tried = 0; tried < TRIES; tried += 1) {
    const ground = await groundBy(executor)
    if (ground.grants.length === 0) return { ground, used: new Map() }
    const { ledgerVersion, used } = await rememberedUse.of(envId, customer, ground.ledgerVersion)
    if (ledgerVersion === ground.ledgerVersion) return { ground, used }
  }
  const { read: ground, used } = await rememberedUse.atOnce(envId, customer, groundBy)
  return { ground, used }
}

function freeUnits({ grants, held }: Ground, used: ReadonlyMap<string, Decimal>): Decimal {
  const free = grants.map(({ id, left }) => atLeastZero(left - (used.get(id) ?? ZERO)))
  return atLeastZero(sum(free) - held)
}

function atLeastZero(units: bigint): Decimal {
  return (units > 0n ? units : 0n) as Decimal
}
