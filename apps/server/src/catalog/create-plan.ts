import { type Cycle, decimal, isCurrency, minorFromDecimal } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import {
  type PerUnitPrice,
  type Plan,
  type PlanPrice,
  type PlanVersion,
  perUnitPrice,
} from './plan.ts'
import { failures } from './plan-failures.ts'
import {
  insertPlan,
  insertVersion,
  selectPlanForUpdate,
  selectPricedMeters,
  selectVersionsOf,
  updateArchived,
} from './plans.store.ts'

/** The content of a plan version as it was asked for; decimals as text. */
export type NewVersion = {
  readonly currency: string
  readonly cycle: Cycle
  /** In the currency's major unit. */
  readonly basePrice: string
  readonly baseInAdvance: boolean
  readonly graceSeconds: number
  readonly prices: readonly NewPrice[]
}

export type NewPrice = {
  /** Id or key. */
  readonly meter: string
  readonly model: 'per_unit'
  readonly includedUnits: string
  /** In the currency's major unit. */
  readonly unitPrice: string
}

/** A plan with all its versions, the newest first. */
export type WholePlan = Plan & { readonly versions: readonly PlanVersion[] }

const BASE_MINOR_MAX = 10n ** 15n // far above any price, and far below what `bigint` holds

/**
 * Makes a plan with its first version. Throws `plan.key_taken`, `plan.currency_unknown`,
 * `plan.amount_impossible`, `plan.meter_unknown` and `plan.meter_twice`.
 */
export async function createPlan(
  tx: Tx,
  envId: number,
  input: NewVersion & { readonly key: string; readonly name: string },
  now: Date,
): Promise<WholePlan> {
  const { key, name } = input
  const plan: Plan = { id: newId('plan'), key, name, createdAt: now, archivedAt: null }
  if (!(await insertPlan(tx, envId, plan))) throw failures.keyTaken(key)
  return withVersion(tx, envId, { plan, version: 1, input }, now)
}

/**
 * Adds a version, which new subscriptions get from then on; existing ones keep theirs. Throws
 * `plan.unknown`, `plan.archived` and what `createPlan` throws about content.
 */
export async function addPlanVersion(
  tx: Tx,
  envId: number,
  added: { readonly plan: string; readonly content: NewVersion },
  now: Date,
): Promise<WholePlan> {
  const plan = await selectPlanForUpdate(tx, envId, added.plan)
  if (!plan) throw failures.unknown(added.plan)
  if (plan.archivedAt) throw failures.archived(plan.key)
  const [newest] = await selectVersionsOf(tx, envId, [plan.id])
  const version = (newest?.version ?? 0) + 1
  return withVersion(tx, envId, { plan, version, input: added.content }, now)
}

/** Takes a plan off sale; a repeat changes nothing. Throws `plan.unknown`. */
export async function archivePlan(
  tx: Tx,
  envId: number,
  ref: string,
  now: Date,
): Promise<WholePlan> {
  const plan = await selectPlanForUpdate(tx, envId, ref)
  if (!plan) throw failures.unknown(ref)
  const archivedAt = plan.archivedAt ?? now
  if (!plan.archivedAt) await updateArchived(tx, envId, plan.id, archivedAt)
  return { ...plan, archivedAt, versions: await selectVersionsOf(tx, envId, [plan.id]) }
}

async function withVersion(
  tx: Tx,
  envId: number,
  added: { readonly plan: Plan; readonly version: number; readonly input: NewVersion },
  now: Date,
): Promise<WholePlan> {
  const { plan, version, input } = added
  if (!isCurrency(input.currency)) throw failures.currencyUnknown(input.currency)
  await insertVersion(tx, envId, {
    planId: plan.id,
    version,
    currency: input.currency,
    cycle: input.cycle,
    baseMinor: baseMinorOf(input),
    baseInAdvance: input.baseInAdvance,
    graceSeconds: input.graceSeconds,
    createdAt: now,
    prices: await pricesOf(tx, envId, input.prices),
  })
  return { ...plan, versions: await selectVersionsOf(tx, envId, [plan.id]) }
}

function baseMinorOf({ basePrice, currency }: NewVersion): bigint {
  const amountMinor = possible(() => minorFromDecimal(decimal(basePrice), currency))
  if (amountMinor > BASE_MINOR_MAX)
    throw failures.amountImpossible(`A base price of ${basePrice} ${currency} is too large.`)
  return amountMinor
}

async function pricesOf(
  tx: Tx,
  envId: number,
  asked: readonly NewPrice[],
): Promise<readonly PlanPrice[]> {
  if (asked.length === 0) return []
  const meters = await selectPricedMeters(
    tx,
    envId,
    asked.map(({ meter }) => meter),
  )
  const priced = new Set<string>()
  return asked.map((price) => {
    const meter = meters.find(({ id, key }) => id === price.meter || key === price.meter)
    if (!meter) throw failures.meterUnknown(price.meter)
    if (priced.has(meter.id)) throw failures.meterTwice(meter.key)
    priced.add(meter.id)
    return { meter, price: priceOf(price) }
  })
}

function priceOf({ model, includedUnits: included, unitPrice }: NewPrice): PerUnitPrice {
  return possible(() => perUnitPrice({ model, included, unitPrice }))
}

/** What packages/pricing refuses is refused with its reason. */
function possible<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw failures.amountImpossible(error.message)
    throw error
  }
}
