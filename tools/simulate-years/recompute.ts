import type { Database } from '../../apps/server/src/platform/db/database.ts'
import type { EventCase, PricingCase, ShareCase } from '../verify-pricing/case.ts'
import type { Oracle } from '../verify-pricing/oracle.ts'
import { differenceOf, type LineRow, lateDifferenceOf } from './compare.ts'
import type { Finding } from './invariants.ts'
import { METERS, NARROW_PLANS, PLANS, type SimulatedPlan } from './world.ts'

type Pool = Database['pool']

type InvoiceRow = {
  readonly env_id: number
  readonly id: string
  readonly plan: string
  readonly quantity: string
  readonly period_start: Date
  readonly period_end: Date
  readonly full_start: Date
  readonly full_end: Date
  readonly subtotal_minor: string
  readonly true_up_minor: string
  readonly total_minor: string
  readonly lines: readonly LineRow[]
  /** What later invoices charge for late usage of the period, by meter. */
  readonly late: readonly LineRow[] | null
  readonly events: readonly EventRow[] | null
}
type EventRow = {
  readonly name: string
  readonly at: string
  readonly amount: string
  /** Of the invoice of its period, of a later one as late usage, or of none so far. */
  readonly billed: 'in_time' | 'late' | 'not'
}

const AT_ONCE = 2_000
const SHOWN_MAX = 5

/**
 * For `recomputeInvoices`: the product itself never asks in this way for the events of a customer, or for all invoices of
 * a subscription.
 */
export const INDEXES = `create index on usage_events (env_id, customer, occurred_at);
  create index on invoices (env_id, subscription_id)`

/**
 * Invoices of periods with all raw events of their customer and time: those that were committed before
 * they were rated are theirs, the others are late.
 */
const INVOICES = `
  select i.env_id, i.id, pl.key as plan, t.quantity, p.period_start, p.period_end, p.full_start, p.full_end,
    i.subtotal_minor, i.true_up_minor, i.total_minor,
    (select coalesce(json_agg(json_build_object('kind', l.kind, 'meter', l.meter_key, 'quantity', l.quantity::text, 'amount', l.amount_minor)
        order by l.line_no), '[]')
      from invoice_lines l where l.env_id = i.env_id and l.invoice_id = i.id) as lines,
    (select json_agg(json_build_object('kind', l.kind, 'meter', l.meter_key, 'quantity', l.quantity::text, 'amount', l.amount_minor))
      from invoices later join invoice_lines l on l.env_id = later.env_id and l.invoice_id = later.id
      where later.env_id = i.env_id and later.subscription_id = i.subscription_id
        and l.kind = 'late' and l.late_period_no = p.period_no) as late,
    (select json_agg(json_build_object('name', e.name, 'at', e.occurred_at, 'amount', e.amount::text,
        'billed', case when e.xid < i.usage_before then 'in_time' when e.xid < last.usage_before then 'late' else 'not' end))
      from usage_events e
      where e.env_id = i.env_id and e.customer = i.customer
        and e.occurred_at >= greatest(p.period_start, s.started_at)
        and e.occurred_at < least(p.period_end, s.ended_at)) as events
  from invoice_states st
  join invoices i on i.env_id = st.env_id and i.id = st.invoice_id
  join plans pl on pl.env_id = i.env_id and pl.id = i.plan_id
  join subscriptions s on s.env_id = st.env_id and s.id = st.subscription_id
  join subscription_periods p on p.env_id = st.env_id and p.subscription_id = st.subscription_id and p.period_no = st.period_no
  join subscription_terms t on t.env_id = p.env_id and t.subscription_id = p.subscription_id and t.term_no = p.term_no
  cross join lateral (
    select max(usage_before) as usage_before from invoices
    where env_id = i.env_id and subscription_id = i.subscription_id) last
  where st.kind = 'period' and (i.env_id, i.id) > ($1, $2)
  order by i.env_id, i.id limit ${AT_ONCE}`

/** What came of comparing invoices with their raw events. */
export type Recomputed = {
  readonly finding: Finding
  readonly invoices: number
  /** Events that came after the invoice of their period and were billed later. */
  readonly late: number
  /** Those that no invoice has so far. */
  readonly unbilled: number
}

/** Computes every invoice of a period again from its raw events, and what late usage has changed since. */
export async function recomputeInvoices(db: Database, oracle: Oracle): Promise<Recomputed> {
  const { pool } = db
  const broken: unknown[] = []
  const counts = { invoices: 0, late: 0, unbilled: 0 }
  for (let rows = await page(pool, null); rows.length > 0; rows = await page(pool, rows)) {
    broken.push(...(await differences(rows, oracle)))
    const events = rows.flatMap((row) => row.events ?? [])
    counts.invoices += rows.length
    counts.late += events.filter(({ billed }) => billed === 'late').length
    counts.unbilled += events.filter(({ billed }) => billed === 'not').length
  }
  const name = 'a second implementation makes the same of the raw events'
  return { finding: { name, broken: broken.slice(0, SHOWN_MAX) }, ...counts }
}

async function page(pool: Pool, before: readonly InvoiceRow[] | null): Promise<InvoiceRow[]> {
  const last = before?.at(-1)
  const { rows } = await pool.query<InvoiceRow>({
    text: INVOICES,
    values: [last?.env_id ?? 0, last?.id ?? ''],
  })
  return rows
}

async function differences(rows: readonly InvoiceRow[], oracle: Oracle): Promise<unknown[]> {
  const inTime = rows.map((row) => caseOf(row, ['in_time']))
  const soFar = rows.map((row) => caseOf(row, ['in_time', 'late']))
  const answers = await oracle.ask([...inTime, ...soFar].map((each) => JSON.stringify(each)))
  return rows.flatMap((row, index) => {
    const ours = { ...row, isInAdvance: planOf(row).isInAdvance }
    const why =
      differenceOf(ours, answers[index] ?? '') ??
      lateDifferenceOf(ours, answers[rows.length + index] ?? '')
    return why === null ? [] : [{ invoice: row.id, plan: row.plan, why }]
  })
}

function planOf({ plan }: InvoiceRow): SimulatedPlan {
  const found = [...PLANS, ...NARROW_PLANS].find(({ key }) => key === plan)
  if (!found) throw new Error(`there is no plan ${plan}`)
  return found
}

function caseOf(row: InvoiceRow, billed: readonly EventRow['billed'][]): PricingCase {
  const plan = planOf(row)
  const start = row.period_start.getTime()
  const end = row.period_end.getTime() - start
  const share: ShareCase = [end, row.full_end.getTime() - row.full_start.getTime()]
  const events = (row.events ?? []).filter((event) => billed.includes(event.billed))
  const lateOfOthers = row.lines.filter(({ kind }) => kind === 'late')
  return {
    currency: 'USD',
    base: plan.isInAdvance
      ? null
      : { amount: plan.baseMinor, quantity: row.quantity, share, tax: null },
    flats: [],
    share,
    end,
    meters: Object.entries(plan.prices).map(([name, price]) => ({
      ...{ name, price, grants: [], tax: null },
      events: eventsOf(events, name, start),
    })),
    items: lateOfOthers.map(({ amount }) => ({ name: 'late', amount, quantity: '1', tax: null })),
    ...{ coupons: [], planTax: null, promotional: [], taxes: [], prepaid: [] },
    minimum: plan.minimumMinor,
  }
}

/** What the events of a meter add; of a meter that knows the greatest only, that one. */
function eventsOf(events: readonly EventRow[], meter: string, start: number): EventCase[] {
  const mine = events
    .filter(({ name }) => name === meter)
    .map(({ at, amount }): EventCase => {
      const quantity = METERS[meter as keyof typeof METERS] === 'COUNT' ? '1' : amount
      return [new Date(at).getTime() - start, [], quantity]
    })
  if (meter !== 'PEAK') return mine
  return mine.toSorted(([, , a], [, , b]) => Number(b) - Number(a)).slice(0, 1)
}
