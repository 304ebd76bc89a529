import type { Database } from '../../apps/server/src/platform/db/database.ts'
import type { EventCase, PricingCase, ShareCase } from '../verify-pricing/case.ts'
import type { Oracle } from '../verify-pricing/oracle.ts'
import type { Finding } from './invariants.ts'
import { METERS, PLANS, type SimulatedPlan } from './world.ts'

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
  readonly events: readonly EventRow[] | null
}
type LineRow = {
  readonly kind: string
  readonly meter: string | null
  readonly quantity: string
  readonly amount: number
}
type EventRow = { readonly name: string; readonly at: string; readonly amount: string }

const AT_ONCE = 2_000
const SHOWN_MAX = 5
const READ_MS_MAX = 120_000

/** For `recomputeInvoices`: the product itself never asks for the events of a customer in this way. */
export const INDEX = 'create index on usage_events (env_id, customer, occurred_at)'

/**
 * Invoices of periods with the raw events that they count: those of their customer and time that were
 * committed before they were rated. Of periods that no add-on or coupon touches.
 */
const INVOICES = `
  select i.env_id, i.id, pl.key as plan, t.quantity, p.period_start, p.period_end, p.full_start, p.full_end,
    i.subtotal_minor, i.true_up_minor, i.total_minor,
    (select json_agg(json_build_object('kind', l.kind, 'meter', l.meter_key, 'quantity', l.quantity::text, 'amount', l.amount_minor)
        order by l.line_no)
      from invoice_lines l where l.env_id = i.env_id and l.invoice_id = i.id) as lines,
    (select json_agg(json_build_object('name', e.name, 'at', e.occurred_at, 'amount', e.amount::text))
      from usage_events e
      where e.env_id = i.env_id and e.customer = i.customer and e.xid < i.usage_before
        and e.occurred_at >= greatest(p.period_start, s.started_at)
        and e.occurred_at < least(p.period_end, s.ended_at)) as events
  from invoice_states st
  join invoices i on i.env_id = st.env_id and i.id = st.invoice_id
  join plans pl on pl.env_id = i.env_id and pl.id = i.plan_id
  join subscriptions s on s.env_id = st.env_id and s.id = st.subscription_id
  join subscription_periods p on p.env_id = st.env_id and p.subscription_id = st.subscription_id and p.period_no = st.period_no
  join subscription_terms t on t.env_id = p.env_id and t.subscription_id = p.subscription_id and t.term_no = p.term_no
  where st.kind = 'period' and (i.env_id, i.id) > ($1, $2)
  order by i.env_id, i.id limit ${AT_ONCE}`

/** How many invoices were recomputed from their raw events, and which of them come to something else. */
export async function recomputeInvoices(
  db: Database,
  oracle: Oracle,
): Promise<{ readonly finding: Finding; readonly count: number }> {
  const client = await db.pool.connect()
  const broken: unknown[] = []
  let count = 0
  try {
    await client.query(`set statement_timeout = ${READ_MS_MAX}`)
    for (let after: [number, string] = [0, '']; ; ) {
      const { rows } = await client.query<InvoiceRow>({ text: INVOICES, values: after })
      const answers = await oracle.ask(rows.map((row) => JSON.stringify(caseOf(row))))
      rows.forEach((row, index) => {
        const why = difference(row, answers[index] ?? '')
        if (why !== null && broken.length < SHOWN_MAX)
          broken.push({ invoice: row.id, plan: row.plan, why })
      })
      count += rows.length
      const last = rows.at(-1)
      if (!last) break
      after = [last.env_id, last.id]
    }
  } finally {
    client.release(true)
  }
  return {
    finding: { name: 'a second implementation makes the same of the raw events', broken },
    count,
  }
}

function planOf({ plan }: InvoiceRow): SimulatedPlan {
  const found = PLANS.find(({ key }) => key === plan)
  if (!found) throw new Error(`there is no plan ${plan}`)
  return found
}

function caseOf(row: InvoiceRow): PricingCase {
  const plan = planOf(row)
  const start = row.period_start.getTime()
  const end = row.period_end.getTime() - start
  const share: ShareCase = [end, row.full_end.getTime() - row.full_start.getTime()]
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
      events: eventsOf(row, name, start),
    })),
    ...{ items: [], coupons: [], planTax: null, promotional: [], taxes: [], prepaid: [] },
    minimum: plan.minimumMinor,
  }
}

/** What the events of a meter add; of a meter that knows the greatest only, that one. */
function eventsOf({ events }: InvoiceRow, meter: string, start: number): EventCase[] {
  const mine = (events ?? [])
    .filter(({ name }) => name === meter)
    .map(({ at, amount }): EventCase => {
      const quantity = METERS[meter as keyof typeof METERS] === 'COUNT' ? '1' : amount
      return [new Date(at).getTime() - start, [], quantity]
    })
  if (meter !== 'PEAK') return mine
  return mine.toSorted(([, , a], [, , b]) => Number(b) - Number(a)).slice(0, 1)
}

type Answer = {
  readonly lines: readonly unknown[][]
  readonly total: number
  readonly error?: string
}

/** Compares the lines of usage, and for a plan in arrears every line and the total. */
function difference(row: InvoiceRow, answer: string): string | null {
  const theirs = JSON.parse(answer) as Answer
  if (theirs.error) return theirs.error
  const isWhole = !planOf(row).isInAdvance
  const found = row.lines
    .filter(({ kind }) => isWhole || kind === 'usage')
    .map(({ kind, meter, quantity, amount }) => `${meter ?? kind} ${plain(quantity)}: ${amount}`)
  const wanted = theirs.lines
    .filter(([kind]) => isWhole || kind === 'usage')
    .map(
      (line) => `${line[0] === 'usage' ? line[1] : line[0]} ${plain(String(line[4]))}: ${line[11]}`,
    )
  if (found.join('; ') !== wanted.join('; '))
    return `${found.join('; ')} instead of ${wanted.join('; ')}`
  if (isWhole && Number(row.total_minor) !== theirs.total)
    return `${row.total_minor} instead of ${theirs.total}`
  return null
}

function plain(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}
