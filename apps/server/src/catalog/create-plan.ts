import { type Cycle, isCurrency } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import type { Recurring } from './add-on.ts'
import { amountOf, possible } from './amount.ts'
import { findTaxRates } from './find-tax-rate.ts'
import { updateArchivedAt } from './keyed.store.ts'
import type { FlatPrice, Plan, PlanPrice, PlanVersion, PlanVersionRef } from './plan.ts'
import { type PlanCredit, type PlanCreditInput, parsePlanCredit } from './plan-credits.ts'
import { failures } from './plan-failures.ts'
import {
  insertPlan,
  insertVersion,
  selectPlanForUpdate,
  selectPricedMeters,
  selectVersionsOf,
} from './plans.store.ts'
import type { PriceFields } from './price-fields.ts'
import { priceFor } from './price-for-meter.ts'

/** The content of a plan version as it was asked for; decimals as text. */
export type NewVersion = {
  readonly currency: string
  readonly cycle: Cycle
  /** In the currency's major unit. */
  readonly basePrice: string
  readonly baseInAdvance: boolean
  readonly graceSeconds: number
  readonly prices: readonly PriceFields[]
  readonly flatPrices?: readonly NewFlatPrice[]
  readonly credits?: readonly PlanCreditInput[]
  /** In the currency's major unit; null: none. */
  readonly minimum?: string | null
  readonly trialDays?: number
  readonly netDays?: number
  /** Id or key; null: not taxed, unless the customer has a rate. */
  readonly taxRate?: string | null
}

export type NewFlatPrice = {
  readonly name: string
  /** In the currency's major unit. */
  readonly amount: string
  readonly recurring: Recurring
  readonly taxRate: string | null
}

/** A plan with all its versions, the newest first. */
export type WholePlan = Plan & { readonly versions: readonly PlanVersion[] }

/**
 * Makes a plan with its first version. Throws `plan.key_taken`, `plan.currency_unknown`,
 * `plan.amount_impossible`, `plan.meter_unknown`, `plan.meter_twice`, `plan.price_unfit` and
 * `tax_rate.unknown`.
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
 * `plan.unknown`, `plan.archived`, `plan.version_outdated` and what `createPlan` throws about content.
 */
export async function addPlanVersion(
  tx: Tx,
  envId: number,
  added: {
    readonly plan: string
    readonly content: NewVersion
    /** The newest version when the content was written, so that nobody undoes what they have not seen. */
    readonly basedOnVersion?: number | undefined
  },
  now: Date,
): Promise<WholePlan> {
  const plan = await selectPlanForUpdate(tx, envId, added.plan)
  if (!plan) throw failures.unknown(added.plan)
  if (plan.archivedAt) throw failures.archived(plan.key)
  const [newest] = await selectVersionsOf(tx, envId, [plan.id])
  const latest = newest?.version ?? 0
  const { basedOnVersion = latest } = added
  if (basedOnVersion !== latest) throw failures.versionOutdated(plan.key, basedOnVersion, latest)
  const version = latest + 1
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
  if (!plan.archivedAt)
    await updateArchivedAt(tx, envId, { table: 'plans', id: plan.id }, archivedAt)
  return { ...plan, archivedAt, versions: await selectVersionsOf(tx, envId, [plan.id]) }
}

async function withVersion(
  tx: Tx,
  envId: number,
  added: { readonly plan: Plan; readonly version: number; readonly input: NewVersion },
  now: Date,
): Promise<WholePlan> {
  const { plan, version, input } = added
  const ref = { planId: plan.id, version }
  await insertVersion(tx, envId, await versionOf(tx, envId, { ref, input }, now))
  return { ...plan, versions: await selectVersionsOf(tx, envId, [plan.id]) }
}

/**
 * What a version would be with this content; nothing is written. Throws what `createPlan` throws about
 * content.
 */
export async function versionOf(
  tx: Tx,
  envId: number,
  { ref, input }: { readonly ref: PlanVersionRef; readonly input: NewVersion },
  now: Date,
): Promise<PlanVersion> {
  const { currency, minimum = null, flatPrices = [] } = input
  if (!isCurrency(currency)) throw failures.currencyUnknown(currency)
  const taxRateId = await taxRatesOf(tx, envId, input)
  return {
    ...ref,
    currency,
    cycle: input.cycle,
    baseMinor: amountOf(input.basePrice, currency),
    baseInAdvance: input.baseInAdvance,
    graceSeconds: input.graceSeconds,
    minimumMinor: minimum === null ? null : amountOf(minimum, currency),
    flatPrices: flatPrices.map(
      (flat): FlatPrice => ({
        name: flat.name,
        amountMinor: amountOf(flat.amount, currency),
        recurring: flat.recurring,
        taxRateId: taxRateId(flat.taxRate),
      }),
    ),
    credits: await creditsOf(tx, envId, input),
    trialDays: input.trialDays ?? 0,
    netDays: input.netDays ?? 0,
    taxRateId: taxRateId(input.taxRate ?? null),
    createdAt: now,
    prices: await pricesOf(tx, envId, input, taxRateId),
  }
}

/** Looks all rates of tax up at once; what is returned turns an id or key into the id. */
async function taxRatesOf(
  tx: Tx,
  envId: number,
  { taxRate = null, flatPrices = [], prices }: NewVersion,
): Promise<(ref: string | null) => string | null> {
  const refs = [
    taxRate,
    ...flatPrices.map((flat) => flat.taxRate),
    ...prices.map((price) => price.taxRate ?? null),
  ]
  const named = refs.filter((ref) => ref !== null)
  const found = await findTaxRates(tx, envId, named)
  return (ref) => (ref === null ? null : (found.get(ref)?.id ?? null))
}

/** Credits of units are of meters that add up: of others no event takes a part. */
async function creditsOf(
  tx: Tx,
  envId: number,
  { credits = [], currency }: NewVersion,
): Promise<readonly PlanCredit[]> {
  const refs = credits.flatMap(({ meter }) => meter ?? [])
  const meters = refs.length === 0 ? [] : await selectPricedMeters(tx, envId, refs)
  return credits.map((credit) => {
    const meter = meters.find(({ id, key }) => id === credit.meter || key === credit.meter)
    if (credit.meter !== undefined && !meter) throw failures.meterUnknown(credit.meter)
    if (meter && meter.aggregation !== 'COUNT' && meter.aggregation !== 'SUM')
      throw failures.creditUnfit(meter.key, meter.aggregation)
    return possible(() => parsePlanCredit(credit, { meterId: meter?.id ?? null, currency }))
  })
}

async function pricesOf(
  tx: Tx,
  envId: number,
  { prices: asked, currency }: NewVersion,
  taxRateId: (ref: string | null) => string | null,
): Promise<readonly PlanPrice[]> {
  if (asked.length === 0) return []
  const meters = await selectPricedMeters(
    tx,
    envId,
    asked.map(({ meter }) => meter),
  )
  const priced = new Set<string>()
  return asked.map((fields) => {
    const meter = meters.find(({ id, key }) => id === fields.meter || key === fields.meter)
    if (!meter) throw failures.meterUnknown(fields.meter)
    if (priced.has(meter.id)) throw failures.meterTwice(meter.key)
    priced.add(meter.id)
    return {
      meter,
      price: priceFor(meter, fields, currency),
      taxRateId: taxRateId(fields.taxRate ?? null),
    }
  })
}
