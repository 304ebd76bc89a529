import { type Cycle, decimal, parsePrice, priceToJson } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { isNamed, type KeyPage, pageByKey } from './keyed.store.ts'
import type {
  FlatPrice,
  Plan,
  PlanPrice,
  PlanVersion,
  PlanVersionRef,
  PricedMeter,
} from './plan.ts'
import { type PlanCreditInput, parsePlanCredit, planCreditToJson } from './plan-credits.ts'

/** False when the key is taken, also by a plan that another transaction is making. */
export async function insertPlan(tx: Tx, envId: number, plan: Plan): Promise<boolean> {
  const { id, key, name, createdAt } = plan
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('plans')
    .values({ env_id: envId, id, key, name, created_at: createdAt })
    .onConflict((conflict) => conflict.constraint('one_plan_per_key').doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

export async function insertVersion(tx: Tx, envId: number, content: PlanVersion): Promise<void> {
  const ref = { env_id: envId, plan_id: content.planId, version: content.version }
  await tx
    .insertInto('plan_versions')
    .values({
      ...ref,
      currency: content.currency,
      cycle: content.cycle,
      base_minor: content.baseMinor,
      base_in_advance: content.baseInAdvance,
      grace_seconds: content.graceSeconds,
      minimum_minor: content.minimumMinor,
      flat_prices: JSON.stringify(content.flatPrices.map(flatToJson)),
      credits: JSON.stringify(content.credits.map(planCreditToJson)),
      trial_days: content.trialDays,
      net_days: content.netDays,
      tax_rate_id: content.taxRateId,
      created_at: content.createdAt,
    })
    .execute()
  if (content.prices.length === 0) return
  const prices = content.prices.map(({ meter, price, taxRateId }, index) => ({
    ...ref,
    price_no: index + 1,
    meter_id: meter.id,
    model: JSON.stringify(priceToJson(price)),
    tax_rate_id: taxRateId,
  }))
  await tx.insertInto('prices').values(prices).execute()
}

/** The plan with this id or key. */
export async function selectPlan(tx: Tx, envId: number, ref: string): Promise<Plan | undefined> {
  const row = await plans(tx, envId).where(isNamed(ref)).executeTakeFirst()
  return row && planFromRow(row)
}

/** Makes whoever else asks for this plan's row wait until we have committed. */
export async function selectPlanForUpdate(
  tx: Tx,
  envId: number,
  ref: string,
): Promise<Plan | undefined> {
  const row = await plans(tx, envId).where(isNamed(ref)).forNoKeyUpdate().executeTakeFirst()
  return row && planFromRow(row)
}

/** In the order of their keys. */
export async function selectPlans(tx: Tx, envId: number, page: KeyPage): Promise<Plan[]> {
  const rows = await pageByKey(plans(tx, envId), page)
  return rows.map(planFromRow)
}

/** The names of plans, by id. */
export async function selectPlanNames(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx
    .selectFrom('plans')
    .where('env_id', '=', envId)
    .where('id', 'in', ids)
    .select(['id', 'name'])
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}

/** All versions of these plans, the newest of each first. */
export async function selectVersionsOf(
  tx: Tx,
  envId: number,
  planIds: readonly string[],
): Promise<PlanVersion[]> {
  const { rows } = await sql<VersionRow>`
    ${VERSION_WITH_PRICES} where v.env_id = ${envId} and v.plan_id = any(${planIds}::text[])
    order by v.plan_id, v.version desc`.execute(tx)
  return rows.map(versionFromRow)
}

/** The named versions, in no order. */
export async function selectVersions(
  tx: Tx,
  envId: number,
  refs: readonly PlanVersionRef[],
): Promise<PlanVersion[]> {
  const { rows } = await sql<VersionRow>`
    ${VERSION_WITH_PRICES} where v.env_id = ${envId} and (v.plan_id, v.version) in (
      select * from unnest(${refs.map(({ planId }) => planId)}::text[], ${refs.map(({ version }) => version)}::int[]))`.execute(
    tx,
  )
  return rows.map(versionFromRow)
}

/** The meters with these ids or keys that can be given a price. */
export async function selectPricedMeters(
  tx: Tx,
  envId: number,
  refs: readonly string[],
): Promise<PricedMeter[]> {
  const { rows } = await sql<{ meter: MeterJson }>`
    select ${METER_JSON} as meter from meters m
    where m.env_id = ${envId} and m.archived_at is null and (m.id = any(${refs}::text[]) or m.key = any(${refs}::text[]))`.execute(
    tx,
  )
  return rows.map(({ meter }) => meterFromJson(meter))
}

/** Decimals as text: a JSON number would lose digits. */
const METER_JSON = sql`jsonb_build_object('id', m.id, 'meterNo', m.meter_no, 'key', m.key, 'name', m.name,
  'unit', m.unit, 'aggregation', m.aggregation, 'factor', m.factor::text, 'divisor', m.divisor::text, 'groupBy', to_jsonb(m.group_by),
  'rounding', jsonb_build_object('mode', m.rounding, 'digits', m.rounding_digits), 'lateUsage', m.late_usage)`

const VERSION_WITH_PRICES = sql`
  select v.plan_id, v.version, v.currency, v.cycle, v.base_minor, v.base_in_advance, v.grace_seconds, v.created_at,
    v.minimum_minor, v.flat_prices, v.credits, v.trial_days, v.net_days, v.tax_rate_id,
    coalesce((
      select jsonb_agg(jsonb_build_object('meter', ${METER_JSON}, 'model', p.model, 'taxRateId', p.tax_rate_id) order by p.price_no)
      from prices p join meters m on m.env_id = p.env_id and m.id = p.meter_id
      where p.env_id = v.env_id and p.plan_id = v.plan_id and p.version = v.version), '[]') as prices
  from plan_versions v`

function plans(tx: Tx, envId: number) {
  return tx
    .selectFrom('plans')
    .where('env_id', '=', envId)
    .select(['id', 'key', 'name', 'created_at', 'archived_at'])
}

function planFromRow(row: {
  id: string
  key: string
  name: string
  created_at: Date
  archived_at: Date | null
}): Plan {
  const { created_at: createdAt, archived_at: archivedAt, ...plan } = row
  return { ...plan, createdAt, archivedAt }
}

type VersionRow = {
  plan_id: string
  version: number
  currency: string
  cycle: string
  base_minor: string
  base_in_advance: boolean
  grace_seconds: number
  created_at: Date
  minimum_minor: string | null
  flat_prices: readonly FlatJson[]
  credits: readonly PlanCreditInput[]
  trial_days: number
  net_days: number
  tax_rate_id: string | null
  prices: readonly {
    readonly meter: MeterJson
    readonly model: unknown
    readonly taxRateId: string | null
  }[]
}

type FlatJson = Omit<FlatPrice, 'amountMinor'> & { readonly amountMinor: string }

type MeterJson = Omit<PricedMeter, 'factor' | 'divisor'> & {
  readonly factor: string
  readonly divisor: string
}

function versionFromRow(row: VersionRow): PlanVersion {
  return {
    planId: row.plan_id,
    version: row.version,
    currency: row.currency,
    cycle: row.cycle as Cycle, // a check of the table
    baseMinor: BigInt(row.base_minor),
    baseInAdvance: row.base_in_advance,
    graceSeconds: row.grace_seconds,
    minimumMinor: row.minimum_minor === null ? null : BigInt(row.minimum_minor),
    flatPrices: row.flat_prices.map(({ amountMinor, ...flat }) => ({
      ...flat,
      amountMinor: BigInt(amountMinor),
    })),
    credits: row.credits.map((credit) =>
      parsePlanCredit(credit, { meterId: credit.meter ?? null, currency: row.currency }),
    ),
    trialDays: row.trial_days,
    netDays: row.net_days,
    taxRateId: row.tax_rate_id,
    createdAt: row.created_at,
    prices: row.prices.map(
      ({ meter, model, taxRateId }): PlanPrice => ({
        meter: meterFromJson(meter),
        price: parsePrice(model),
        taxRateId,
      }),
    ),
  }
}

function flatToJson({ amountMinor, ...flat }: FlatPrice): FlatJson {
  return { ...flat, amountMinor: String(amountMinor) }
}

function meterFromJson({ factor, divisor, ...meter }: MeterJson): PricedMeter {
  return { ...meter, factor: decimal(factor), divisor: decimal(divisor) }
}
