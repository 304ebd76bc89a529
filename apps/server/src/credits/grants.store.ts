import { decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import type { Asset, CreditGrant, Cycle, Grant, Source } from './credit.ts'

/** Makes whoever else changes the credits of these customers wait until we have committed. All must exist. */
export async function lockBalances(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<void> {
  const distinct = [...new Set(customers)] // locked in one order: else two could wait for each other
  if (distinct.length === 0) return
  await sql`
    insert into credit_balances (env_id, customer)
    select ${envId}, customer from unnest(${distinct}::text[]) as c (customer)
    where not exists (select from credit_balances b where b.env_id = ${envId} and b.customer = c.customer)
    order by customer collate "C" on conflict do nothing`.execute(tx)
  await sql`
    select from credit_balances where env_id = ${envId} and customer = any(${distinct}::text[])
    order by customer collate "C" for update`.execute(tx)
}

/** Says whether changes of a customer's credits are watched, whose balance the caller has locked. */
export async function updateToppedUp(
  tx: Tx,
  envId: number,
  customer: string,
  isToppedUp: boolean,
): Promise<void> {
  await tx
    .updateTable('credit_balances')
    .set({ is_topped_up: isToppedUp })
    .where('env_id', '=', envId)
    .where('customer', '=', customer)
    .execute()
}

/** Those of the customers whose credits are watched. */
export async function selectToppedUp(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('credit_balances')
    .where('env_id', '=', envId)
    .where('customer', '=', sql<string>`any(${customers}::text[])`)
    .where('is_topped_up', '=', true)
    .select('customer')
    .execute()
  return rows.map(({ customer }) => customer)
}

/** False: what it is granted for has been granted already. */
export async function insertGrant(tx: Tx, envId: number, grant: Grant): Promise<boolean> {
  const { asset, cycle } = grant
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('credit_grants')
    .values({
      env_id: envId,
      id: grant.id,
      customer: grant.customer,
      kind: asset.kind,
      meter_id: asset.kind === 'units' ? asset.meterId : null,
      currency: asset.kind === 'money' ? asset.currency : null,
      meter_ids: asset.kind === 'money' && asset.meterIds ? [...asset.meterIds] : null,
      amount: formatDecimal(grant.amount),
      low_at: grant.lowAt === null ? null : formatDecimal(grant.lowAt),
      valid_from: grant.from,
      valid_to: grant.to,
      priority: grant.priority,
      is_promotional: grant.isPromotional,
      source: grant.source,
      name: grant.name,
      granted_at: grant.grantedAt,
      ...cycleColumns(cycle),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows) === 1
}

function cycleColumns(cycle: Cycle | null) {
  const cap = cycle?.rollover?.cap ?? null
  return {
    subscription_id: cycle?.subscriptionId ?? null,
    period_no: cycle?.periodNo ?? null,
    credit_no: cycle?.creditNo ?? null,
    rollover_cap: cap === null ? null : formatDecimal(cap),
    rollover_periods: cycle?.rollover?.periods ?? null,
    rolled_from: cycle?.rolledFrom ?? null,
  }
}

export async function updateVoided(tx: Tx, envId: number, id: string, at: Date): Promise<void> {
  await tx
    .updateTable('credit_grants')
    .set({ voided_at: at })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

export async function selectGrants(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<CreditGrant[]> {
  return selectWhere(tx, envId, sql`g.id = any(${ids}::text[])`)
}

/** Those that are valid at some time of `[from, to)`; void ones, too. */
export async function selectGrantsOf(
  tx: Tx,
  envId: number,
  wanted: { readonly customers: readonly string[]; readonly from: Date; readonly to: Date },
): Promise<CreditGrant[]> {
  return selectWhere(
    tx,
    envId,
    sql`g.customer = any(${wanted.customers}::text[])
      and g.valid_from < ${wanted.to} and (g.valid_to is null or g.valid_to > ${wanted.from})`,
  )
}

/** Up to `limit` grants of a customer, the newest first, those before `before`. */
export async function selectGrantPage(
  tx: Tx,
  envId: number,
  page: {
    readonly customer: string
    readonly limit: number
    readonly before: readonly [at: string, id: string] | null
  },
): Promise<CreditGrant[]> {
  const before = page.before
    ? sql`and (g.granted_at, g.id) < (${page.before[0]}::timestamptz, ${page.before[1]})`
    : sql``
  return selectWhere(
    tx,
    envId,
    sql`g.customer = ${page.customer} ${before}`,
    sql`order by g.granted_at desc, g.id desc limit ${page.limit}`,
  )
}

/** Of one credit of a subscription: the grants that end at `end`, and what went over into the time after. */
export async function selectEnding(
  tx: Tx,
  envId: number,
  of: { readonly subscriptionId: string; readonly creditNo: number; readonly end: Date },
): Promise<{ readonly ending: CreditGrant[]; readonly rolled: CreditGrant[] }> {
  const same = sql`g.subscription_id = ${of.subscriptionId} and g.credit_no = ${of.creditNo}`
  const ending = await selectWhere(tx, envId, sql`${same} and g.valid_to = ${of.end}`)
  const rolled = await selectWhere(
    tx,
    envId,
    sql`${same} and g.source = 'rollover' and g.valid_from = ${of.end}`,
  )
  return { ending, rolled }
}

/**
 * Whether a plan has granted its credits to a subscription for an earlier part of a whole period: a change
 * in its middle, or a pause, cuts it. A repeat for the same part is another matter.
 */
export async function isWholeGranted(
  tx: Tx,
  envId: number,
  of: {
    readonly subscriptionId: string
    readonly planId: string
    readonly fullStart: Date
    readonly periodNo: number
  },
): Promise<boolean> {
  const { rows } = await sql<{ is_granted: boolean }>`
    select exists (
      select from credit_grants g
      join subscription_periods p on p.env_id = g.env_id and p.subscription_id = g.subscription_id and p.period_no = g.period_no
      join subscription_terms t on t.env_id = p.env_id and t.subscription_id = p.subscription_id and t.term_no = p.term_no
      where g.env_id = ${envId} and g.subscription_id = ${of.subscriptionId} and g.source = 'plan'
        and p.full_start = ${of.fullStart} and p.period_no < ${of.periodNo} and t.plan_id = ${of.planId}
    ) as is_granted`.execute(tx)
  return rows[0]?.is_granted ?? false
}

/** The meters of which a customer was ever granted units. */
export async function selectMetersOfUnits(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<string[]> {
  const { rows } = await sql<{ meter_id: string }>`
    select distinct meter_id from credit_grants
    where env_id = ${envId} and customer = ${customer} and meter_id is not null`.execute(tx)
  return rows.map(({ meter_id }) => meter_id)
}

async function selectWhere(
  tx: Tx,
  envId: number,
  condition: ReturnType<typeof sql>,
  order = sql`order by g.id`,
): Promise<CreditGrant[]> {
  const { rows } = await sql<Row>`
    select g.*, l.left_after
    from credit_grants g
    cross join lateral (
      select e.left_after from credit_entries e
      where e.env_id = g.env_id and e.grant_id = g.id order by e.entry_no desc limit 1
    ) l
    where g.env_id = ${envId} and ${condition} ${order}`.execute(tx)
  return rows.map(fromRow)
}

type Row = {
  id: string
  customer: string
  kind: string
  meter_id: string | null
  currency: string | null
  meter_ids: string[] | null
  amount: string
  low_at: string | null
  valid_from: Date
  valid_to: Date | null
  priority: number
  is_promotional: boolean
  source: string
  name: string
  subscription_id: string | null
  period_no: number | null
  credit_no: number | null
  rollover_cap: string | null
  rollover_periods: number | null
  rolled_from: string | null
  granted_at: Date
  voided_at: Date | null
  left_after: string
}

function fromRow(row: Row): CreditGrant {
  return {
    id: row.id,
    customer: row.customer,
    asset: assetOf(row),
    amount: decimal(row.amount),
    lowAt: row.low_at === null ? null : decimal(row.low_at),
    from: row.valid_from,
    to: row.valid_to,
    priority: row.priority,
    isPromotional: row.is_promotional,
    source: row.source as Source, // a check of the table
    name: row.name,
    cycle: cycleOf(row),
    grantedAt: row.granted_at,
    voidedAt: row.voided_at,
    left: decimal(row.left_after),
  }
}

function assetOf({ meter_id, currency, meter_ids }: Row): Asset {
  if (meter_id !== null) return { kind: 'units', meterId: meter_id }
  return { kind: 'money', currency: currency ?? '', meterIds: meter_ids }
}

function cycleOf(row: Row): Cycle | null {
  const { subscription_id, period_no, credit_no, rollover_cap, rollover_periods } = row
  if (subscription_id === null || period_no === null || credit_no === null) return null
  const cap = rollover_cap === null ? null : decimal(rollover_cap)
  return {
    subscriptionId: subscription_id,
    periodNo: period_no,
    creditNo: credit_no,
    rollover: rollover_periods === null ? null : { cap, periods: rollover_periods },
    rolledFrom: row.rolled_from,
  }
}
