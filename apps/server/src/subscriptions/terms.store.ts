import { type AnchorKind, type Cycle, decimal, formatDecimal } from '@usageflow/pricing'
import { sql } from 'kysely'
import type { Overrides } from '../catalog/overrides.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Term, TermKind, Timeline } from './term.ts'

export async function insertTerms(
  tx: Tx,
  envId: number,
  subscriptionId: string,
  terms: readonly Term[],
): Promise<void> {
  const rows = terms.map(({ no, kind, since, until, plan, quantity, overrides, anchor }) => ({
    env_id: envId,
    subscription_id: subscriptionId,
    term_no: no,
    kind,
    since,
    until,
    plan_id: plan.id,
    plan_version: plan.version,
    quantity: formatDecimal(quantity),
    overrides: JSON.stringify(overrides),
    anchor_kind: anchor.kind,
    anchor_local: anchor.local,
    time_zone: anchor.timeZone,
  }))
  if (rows.length > 0) await tx.insertInto('subscription_terms').values(rows).execute()
}

/** All terms of these subscriptions. */
export async function selectTimelines(
  tx: Tx,
  envId: number,
  subscriptionIds: readonly string[],
): Promise<ReadonlyMap<string, Timeline>> {
  if (subscriptionIds.length === 0) return new Map()
  const { rows } = await sql<Row>`
    select t.subscription_id, t.term_no, t.kind, t.since, t.until, t.plan_id, t.plan_version, t.quantity, t.overrides,
      t.anchor_kind, t.anchor_local, t.time_zone, p.key as plan_key, v.cycle, v.base_in_advance, v.grace_seconds
    from subscription_terms t
    join plans p on p.env_id = t.env_id and p.id = t.plan_id
    join plan_versions v on v.env_id = t.env_id and v.plan_id = t.plan_id and v.version = t.plan_version
    where t.env_id = ${envId} and t.subscription_id = any(${subscriptionIds}::text[])
    order by t.subscription_id, t.term_no`.execute(tx)
  const timelines = new Map<string, [Term, ...Term[]]>()
  for (const row of rows) {
    const terms = timelines.get(row.subscription_id)
    if (terms) terms.push(fromRow(row))
    else timelines.set(row.subscription_id, [fromRow(row)])
  }
  return timelines
}

/** Ends a term at `until`, or lets it last as long as the subscription. */
export async function updateUntil(
  tx: Tx,
  envId: number,
  term: { readonly subscriptionId: string; readonly no: number; readonly until: Date | null },
): Promise<void> {
  await tx
    .updateTable('subscription_terms')
    .set({ until: term.until })
    .where('env_id', '=', envId)
    .where('subscription_id', '=', term.subscriptionId)
    .where('term_no', '=', term.no)
    .execute()
}

/** Takes back the terms from a number on; none of them may have a period. */
export async function deleteTermsFrom(
  tx: Tx,
  envId: number,
  from: { readonly subscriptionId: string; readonly no: number },
): Promise<void> {
  await tx
    .deleteFrom('subscription_terms')
    .where('env_id', '=', envId)
    .where('subscription_id', '=', from.subscriptionId)
    .where('term_no', '>=', from.no)
    .execute()
}

type Row = {
  subscription_id: string
  term_no: number
  kind: string
  since: Date
  until: Date | null
  plan_id: string
  plan_version: number
  quantity: string
  overrides: unknown
  anchor_kind: string
  anchor_local: string
  time_zone: string
  plan_key: string
  cycle: string
  base_in_advance: boolean
  grace_seconds: number
}

/** The casts are checks of the tables. */
function fromRow(row: Row): Term {
  return {
    no: row.term_no,
    kind: row.kind as TermKind,
    since: row.since,
    until: row.until,
    plan: {
      id: row.plan_id,
      key: row.plan_key,
      version: row.plan_version,
      cycle: row.cycle as Cycle,
      baseInAdvance: row.base_in_advance,
      graceSeconds: row.grace_seconds,
    },
    quantity: decimal(row.quantity),
    overrides: row.overrides as Overrides,
    anchor: {
      kind: row.anchor_kind as AnchorKind,
      local: row.anchor_local,
      timeZone: row.time_zone,
    },
  }
}
