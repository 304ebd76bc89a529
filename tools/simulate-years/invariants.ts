import type { Database } from '../../apps/server/src/platform/db/database.ts'

/** A promise that must hold at any time; the query finds what breaks it. */
type Invariant = { readonly name: string; readonly broken: string }

/** A promise with what was found to break it: nothing, if all is well. */
export type Finding = { readonly name: string; readonly broken: readonly unknown[] }

const SHOWN_MAX = 5

/** $1 is the time of the simulation, by which everything that was due has been done. */
const INVARIANTS: readonly Invariant[] = [
  {
    name: 'periods tile the time of a subscription',
    broken: `
      select * from (
        select env_id, subscription_id, period_no, period_start,
          lag(period_end) over w as before, lag(period_no) over w as no_before
        from subscription_periods
        window w as (partition by env_id, subscription_id order by period_no)) p
      where coalesce(before <> period_start, false) or coalesce(no_before, -1) <> period_no - 1`,
  },
  {
    name: 'nothing that is over is open, and nothing is parked or given up',
    broken: `
      select env_id, subscription_id as ref, state as why from subscription_periods where state = 'open' and period_end <= $1::timestamptz
      union all select env_id, id, parked_reason from subscriptions where parked_at is not null
      union all select env_id, ref, last_error from due where parked_at is not null
      union all select s.env_id, s.id, 'has no open period' from subscriptions s
      where s.status <> 'canceled' and not exists (
        select from subscription_periods p
        where p.env_id = s.env_id and p.subscription_id = s.id and p.state = 'open')`,
  },
  {
    name: 'each billed period that is over has one invoice, and no other has one',
    broken: `
      select p.env_id, p.subscription_id, p.period_no, count(i.invoice_id)
      from subscription_periods p left join invoice_states i
        on i.env_id = p.env_id and i.subscription_id = p.subscription_id and i.period_no = p.period_no and i.kind = 'period'
      group by p.env_id, p.subscription_id, p.period_no, p.is_billed, p.state
      having count(i.invoice_id) <> case when p.is_billed and p.state <> 'open' then 1 else 0 end`,
  },
  {
    name: 'what comes late has an invoice of its own only after the end, and nobody forgets to look for it',
    broken: `
      select i.env_id, i.subscription_id as ref, 'has not ended' as why
      from invoice_states i join subscriptions s on s.env_id = i.env_id and s.id = i.subscription_id
      where i.kind = 'late' and s.status <> 'canceled'
      union all select s.env_id, s.id, 'is not looked at' from subscriptions s
      where s.status = 'canceled' and exists (
        select from invoice_states i where i.env_id = s.env_id and i.subscription_id = s.id and i.kind = 'period')
      and not exists (
        select from due d where d.env_id = s.env_id and d.kind = 'subscription.late' and d.ref = s.id)
      and not exists (
        select from subscription_periods p where p.env_id = s.env_id and p.subscription_id = s.id and p.state = 'open')`,
  },
  {
    name: 'a base price in advance has one invoice at most',
    broken: `
      select env_id, subscription_id, period_no, count(*) from invoice_states
      where kind = 'advance' group by 1, 2, 3 having count(*) > 1`,
  },
  {
    name: 'what has left its draft has one content, and no draft has one',
    broken: `
      select s.env_id, s.invoice_id, s.status from invoice_states s
      left join invoices i on i.env_id = s.env_id and i.id = s.invoice_id
      where (s.status = 'draft') <> (i.id is null)`,
  },
  {
    name: 'numbers have no gap and come once',
    broken: `
      select i.env_id, count(*), count(distinct number), max(substring(number from '[0-9]+$')::bigint) as greatest, n.next
      from invoices i join invoice_numbers n using (env_id) group by i.env_id, n.next
      having count(*) <> count(distinct number) or count(*) <> max(substring(number from '[0-9]+$')::bigint) or n.next <> count(*) + 1`,
  },
  {
    name: 'the sums of an invoice are those of its lines',
    broken: `
      select i.env_id, i.id, i.subtotal_minor, i.true_up_minor, i.total_minor, i.amount_due_minor, l.amounts, a.prepaid
      from invoices i
      cross join lateral (
        select coalesce(sum(amount_minor), 0) as amounts from invoice_lines
        where env_id = i.env_id and invoice_id = i.id) l
      cross join lateral (
        select coalesce(sum(amount_minor) filter (where kind = 'prepaid'), 0) as prepaid from invoice_adjustments
        where env_id = i.env_id and invoice_id = i.id) a
      where i.subtotal_minor + i.true_up_minor <> l.amounts or i.amount_due_minor <> greatest(i.total_minor, 0) - a.prepaid`,
  },
  {
    name: 'the entries of a grant add up to what is left of it, and never to less than nothing',
    broken: `
      select * from (
        select env_id, grant_id, entry_no, left_after,
          sum(amount) over (partition by env_id, grant_id order by entry_no) as so_far,
          row_number() over (partition by env_id, grant_id order by entry_no) as position
        from credit_entries) e
      where left_after <> so_far or so_far < 0 or position <> entry_no`,
  },
  {
    name: 'facts of an invoice come in the order of its versions, each once',
    broken: `
      select * from (
        select env_id, data->>'invoiceId' as invoice, (data->>'version')::int as version,
          row_number() over (partition by env_id, data->>'invoiceId' order by id) as position
        from facts where type like 'invoice.%') f
      where version <> position`,
  },
  {
    name: 'facts say all that happened to invoices',
    broken: `
      with told as materialized (
        select env_id, data->>'invoiceId' as invoice_id, count(*) as times
        from facts where type like 'invoice.%' group by 1, 2)
      select env_id, s.invoice_id, s.version, t.times from invoice_states s left join told t using (env_id, invoice_id)
      where s.version <> coalesce(t.times, 0)`,
  },
  {
    name: 'an event is counted by one price of one invoice at most',
    broken: `
      select * from (
        select l.env_id, l.meter_id, c.customer, i.id, c.used_from, c.used_to,
          lag(c.used_to) over (partition by l.env_id, l.meter_id, c.customer order by c.used_from, c.used_to) as before
        from invoices i
        join (select distinct on (env_id, invoice_id, meter_id) * from invoice_lines
              where kind = 'usage' order by env_id, invoice_id, meter_id, line_no) l
          on l.env_id = i.env_id and l.invoice_id = i.id
        join invoice_line_coverage c on c.env_id = l.env_id and c.invoice_id = l.invoice_id and c.line_no = l.line_no) s
      where used_from < before`,
  },
]

/** What breaks the invariants at the time `now`. */
export async function checkInvariants(db: Database, now: Date): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, broken } of INVARIANTS) {
    const isByTime = broken.includes('$1')
    const { rows } = await db.pool.query(`${broken} limit ${SHOWN_MAX}`, isByTime ? [now] : [])
    findings.push({ name, broken: rows })
  }
  return findings
}
