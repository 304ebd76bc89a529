const TABLES = [
  'invoice_states',
  'invoices',
  'invoice_lines',
  'invoice_line_coverage',
  'facts',
  'due',
  'subscription_periods',
]

/** Empty tables like those of the product, with all their indexes and checks. */
export const PREPARE = [
  'create schema bare',
  ...TABLES.map((table) => `create table bare.${table} (like ${table} including all)`),
  'insert into bare.subscription_periods select * from subscription_periods',
  `create table bare.billed as
   select s.env_id, s.id as subscription_id, s.customer, 'inv_' || s.id as invoice_id, row_number() over (order by s.id) as n,
     p.period_no, p.period_start, p.period_end, t.plan_id, t.plan_version
   from subscriptions s join subscription_periods p on p.env_id = s.env_id and p.subscription_id = s.id
   join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id`,
]

/** What a period's end writes, as sets: one invoice with four lines for each subscription, two facts, the next period. */
export const BILL = [
  `create temp table used as
   select b.invoice_id, m.id as meter_id, m.key, sum(u.sum) as quantity
   from bare.billed b join usage_rollups u on u.env_id = b.env_id and u.customer = b.customer and u.hour >= b.period_start and u.hour < b.period_end
   join meters m on m.env_id = u.env_id and m.meter_no = u.meter_no group by 1, 2, 3`,
  `update bare.subscription_periods set state = 'invoiced'`,
  `insert into bare.subscription_periods
   select (jsonb_populate_record(null::subscription_periods, to_jsonb(p) || jsonb_build_object('period_no', 1, 'state', 'open',
     'period_start', period_end, 'period_end', period_end + interval '1 month', 'full_start', period_end, 'full_end', period_end + interval '1 month',
     'planned_end', period_end + interval '1 month', 'anchor_step', 1))).* from bare.subscription_periods p`,
  `insert into bare.invoice_states (env_id, invoice_id, customer, subscription_id, period_no, kind, status, version, created_at, changed_at)
   select env_id, invoice_id, customer, subscription_id, period_no, 'period', 'draft', 1, now(), now() from bare.billed`,
  `insert into bare.invoices (env_id, id, number, customer, subscription_id, plan_id, plan_version, currency, period_start, period_end,
     total_minor, usage_before, finalized_at, subtotal_minor, amount_due_minor, due_at)
   select b.env_id, b.invoice_id, 'INV-' || lpad(n::text, 6, '0'), b.customer, b.subscription_id, plan_id, plan_version, 'USD', period_start, period_end,
     a.total, 0, now(), a.total, a.total, now()
   from bare.billed b join (
     select invoice_id, 2000 + sum(round(greatest(quantity - 10, 0) * 0.01 * 100)) as total from used group by 1) a using (invoice_id)`,
  `insert into bare.invoice_lines
   select (jsonb_populate_record(null::invoice_lines, jsonb_build_object('env_id', b.env_id, 'invoice_id', b.invoice_id, 'line_no', l.line_no, 'kind', l.kind,
     'rule', l.rule, 'name', '', 'meter_id', l.meter_id, 'meter_key', l.key, 'description', coalesce(l.key, 'Base price') || ': ' || l.quantity, 'quantity', l.quantity,
     'included', l.included, 'credited', 0, 'billable', l.billable, 'units', l.billable, 'unit_price', l.price, 'fixed', 0, 'discount_minor', 0, 'promotional_minor', 0,
     'tax_minor', 0, 'amount_minor', round(l.billable * l.price * 100), 'period_start', b.period_start, 'period_end', b.period_end))).*
   from bare.billed b join (
     select invoice_id, 1 as line_no, 'base' as kind, 'flat' as rule, null as meter_id, null as key, 1 as quantity, 0 as included, 1 as billable, 20 as price from bare.billed
     union all
     select invoice_id, 1 + row_number() over (partition by invoice_id order by key), 'usage', 'per_unit', meter_id, key, quantity, 10, greatest(quantity - 10, 0), 0.01 from used
   ) l using (invoice_id)`,
  `insert into bare.invoice_line_coverage (env_id, invoice_id, line_no, slice_no, customer, used_from, used_to)
   select b.env_id, b.invoice_id, l.line_no, 1, b.customer, b.period_start, b.period_end
   from bare.billed b join bare.invoice_lines l using (env_id, invoice_id) where l.kind = 'usage'`,
  ...['created', 'finalized'].flatMap((type) => [
    `insert into bare.facts select env_id, 'fact_${type}_' || invoice_id, 'invoice.${type}', now(), jsonb_build_object('invoiceId', invoice_id, 'amount', i.total_minor,
       'totalMinor', i.total_minor::text, 'amountDueMinor', i.total_minor::text, 'taxMinor', '0', 'dueAt', i.due_at, 'currency', 'USD', 'number', i.number, 'status', '${type}',
       'version', 1, 'kind', 'period', 'customerId', b.customer, 'subscriptionId', b.subscription_id, 'periodStart', b.period_start, 'periodEnd', b.period_end, 'reason', null)
     from bare.billed b join bare.invoices i using (env_id) where i.id = b.invoice_id`,
    `insert into bare.due (env_id, kind, ref, at) select env_id, 'fact', 'fact_${type}_' || invoice_id, now() from bare.billed`,
  ]),
  `update bare.invoice_states set status = 'finalized', version = 2`,
]
