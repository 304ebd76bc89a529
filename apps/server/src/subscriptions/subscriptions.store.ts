import { sql } from 'kysely'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { inTerm, type Status, type Subscription } from './subscription.ts'
import { selectTimelines } from './terms.store.ts'

export async function insertSubscription(
  tx: Tx,
  envId: number,
  subscription: Subscription,
): Promise<void> {
  await tx
    .insertInto('subscriptions')
    .values({
      env_id: envId,
      id: subscription.id,
      customer: subscription.customer,
      term_no: subscription.term.no,
      status: subscription.status,
      started_at: subscription.startedAt,
      cancel_at: subscription.cancelAt,
      ended_at: subscription.endedAt,
      created_at: subscription.createdAt,
    })
    .execute()
}

export async function selectSubscription(
  tx: Tx,
  envId: number,
  id: string,
): Promise<Subscription | undefined> {
  const { rows } = await sql<Row>`${SELECT} where s.env_id = ${envId} and s.id = ${id}`.execute(tx)
  const [found] = await withTerms(tx, envId, rows)
  return found
}

/** The subscriptions with these ids, in the order of their ids; unknown ones are left out. */
export async function selectSubscriptionsById(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<Subscription[]> {
  const { rows } = await sql<Row>`
    ${SELECT} where s.env_id = ${envId} and s.id = any(${ids}::text[]) order by s.id`.execute(tx)
  return withTerms(tx, envId, rows)
}

/** Up to `limit` subscriptions that have not ended and are in a term of the version, in the order of their ids. */
export async function selectSubscriptionsOn(
  tx: Tx,
  envId: number,
  wanted: {
    readonly planId: string
    readonly version: number
    readonly after: string
    readonly limit: number
  },
): Promise<Subscription[]> {
  const { rows } = await sql<Row>`
    ${SELECT} join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
    where s.env_id = ${envId} and s.status <> 'canceled' and s.id > ${wanted.after}
      and t.plan_id = ${wanted.planId} and t.plan_version = ${wanted.version}
    order by s.id limit ${wanted.limit}`.execute(tx)
  return withTerms(tx, envId, rows)
}

/** Whose subscriptions are asked for, by the plan and version of their current term; null: all of them. */
export type Selection = {
  readonly customers: readonly string[] | null
  readonly planId: string | null
  readonly version: number | null
}

/** The ids of up to `limit` subscriptions that began before `to`, in their order, those after `after`. */
export async function selectIdsOf(
  tx: Tx,
  envId: number,
  { customers, planId, version }: Selection,
  page: { readonly to: Date; readonly after: string; readonly limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from subscriptions s
      join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id and t.term_no = s.term_no
    where s.env_id = ${envId} and s.id > ${page.after} and s.started_at < ${page.to}
      ${customers === null ? sql`` : sql`and s.customer = any(${customers}::text[])`}
      ${planId === null ? sql`` : sql`and t.plan_id = ${planId}`}
      ${version === null ? sql`` : sql`and t.plan_version = ${version}`}
    order by s.id limit ${page.limit}`.execute(tx)
  return rows.map(({ id }) => id)
}

/** Makes whoever else locks one of them wait until we have committed. Always in the order of the ids. */
export async function lockSubscriptions(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<void> {
  await sql`
    select from subscriptions where env_id = ${envId} and id = any(${ids}::text[])
    order by id for no key update`.execute(tx)
}

/** Up to `limit` subscriptions, the newest first, those before `before`. */
export async function selectSubscriptions(
  tx: Tx,
  envId: number,
  page: {
    readonly limit: number
    readonly before: readonly [createdAt: string, id: string] | null
    readonly customer: string | null
    readonly status: Status | null
    /** Whether billing was stopped. */
    readonly parked: boolean | null
  },
): Promise<Subscription[]> {
  const { customer, status, parked, before } = page
  const { rows } = await sql<Row>`
    ${SELECT} where s.env_id = ${envId}
      ${customer === null ? sql`` : sql`and s.customer = ${customer}`}
      ${status === null ? sql`` : sql`and s.status = ${status}`}
      ${parked === null ? sql`` : parked ? sql`and s.parked_at is not null` : sql`and s.parked_at is null`}
      ${before === null ? sql`` : sql`and (s.created_at, s.id) < (${before[0]}::timestamptz, ${before[1]})`}
    order by s.created_at desc, s.id desc limit ${page.limit}`.execute(tx)
  return withTerms(tx, envId, rows)
}

/** Up to `limit` subscriptions of a customer: those that go on before those that are canceled, the newest first. */
export async function selectSubscriptionsOf(
  tx: Tx,
  envId: number,
  { customer, limit }: { readonly customer: string; readonly limit: number },
): Promise<Subscription[]> {
  const { rows } = await sql<Row>`
    ${SELECT} where s.env_id = ${envId} and s.customer = ${customer}
    order by s.status = 'canceled', s.created_at desc, s.id desc limit ${limit}`.execute(tx)
  return withTerms(tx, envId, rows)
}

/** Writes a step of one subscription that the caller has locked. */
export async function updateStatus(
  tx: Tx,
  envId: number,
  id: string,
  change: { readonly status: Status; readonly endedAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ status: change.status, ended_at: change.endedAt })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** Says which of its terms a subscription is in. */
export async function updateTerm(tx: Tx, envId: number, id: string, termNo: number): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ term_no: termNo })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** Writes which terms subscriptions have entered, and what they are now. */
export async function updateEntered(
  tx: Tx,
  envId: number,
  entered: readonly Subscription[],
): Promise<void> {
  const rows = entered.map(({ id, term, status }) => ({ id, term_no: term.no, status }))
  await sql`
    update subscriptions s set term_no = r.term_no, status = r.status
    from json_to_recordset(${JSON.stringify(rows)}::json) as r (id text, term_no int, status text)
    where s.env_id = ${envId} and s.id = r.id`.execute(tx)
}

export async function updateCancelAt(
  tx: Tx,
  envId: number,
  id: string,
  cancelAt: Date | null,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ cancel_at: cancelAt })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

export async function updateSpendThreshold(
  tx: Tx,
  envId: number,
  id: string,
  spendThresholdMinor: bigint | null,
): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ spend_threshold_minor: spendThresholdMinor })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .execute()
}

/** Ends those whose planned end has come, at that end. */
export async function endAsPlanned(tx: Tx, envId: number, ids: readonly string[]): Promise<void> {
  await tx
    .updateTable('subscriptions')
    .set({ status: 'canceled', ended_at: sql<Date>`cancel_at` })
    .where('env_id', '=', envId)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute()
}

/** Stops the billing of a subscription; the first reason stays. False: it was stopped already. */
export async function updateParked(
  tx: Tx,
  envId: number,
  id: string,
  parked: { readonly at: Date; readonly reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('subscriptions')
    .set({ parked_at: parked.at, parked_reason: parked.reason })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .where('parked_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

/** False: its billing was not stopped. */
export async function updateUnparked(tx: Tx, envId: number, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('subscriptions')
    .set({ parked_at: null, parked_reason: null })
    .where('env_id', '=', envId)
    .where('id', '=', id)
    .where('parked_at', 'is not', null)
    .executeTakeFirst()
  return Number(numUpdatedRows) === 1
}

const SELECT = sql`
  select s.env_id, s.id, s.customer, s.term_no, s.status, s.started_at, s.cancel_at, s.ended_at, s.parked_reason,
    s.spend_threshold_minor, s.created_at
  from subscriptions s`

type Row = {
  id: string
  customer: string
  term_no: number
  status: string
  started_at: Date
  cancel_at: Date | null
  ended_at: Date | null
  parked_reason: string | null
  spend_threshold_minor: string | null
  created_at: Date
}

async function withTerms(tx: Tx, envId: number, rows: readonly Row[]): Promise<Subscription[]> {
  const ids = rows.map(({ id }) => id)
  const timelines = await selectTimelines(tx, envId, ids)
  return rows.map((row) => {
    const terms = timelines.get(row.id)
    invariant(terms !== undefined, 'a subscription has a term')
    const subscription = {
      id: row.id,
      customer: row.customer,
      terms,
      status: row.status as Status, // a check of the table
      startedAt: row.started_at,
      cancelAt: row.cancel_at,
      endedAt: row.ended_at,
      parkedReason: row.parked_reason,
      spendThresholdMinor:
        row.spend_threshold_minor === null ? null : BigInt(row.spend_threshold_minor),
      createdAt: row.created_at,
    }
    return inTerm(subscription, row.term_no)
  })
}
