/** What is to be billed, with the names that the rows will have. */
export const PREPARE = [
  'create schema bare',
  `create table bare.billed as
   select s.env_id, s.id as subscription_id, s.customer, 'inv_' || s.id as invoice_id, row_number() over (order by s.id) as n,
     p.period_no, p.period_start, p.period_end, t.plan_id, t.plan_version
   from subscriptions s join subscription_periods p on p.env_id = s.env_id and p.subscription_id = s.id
   join subscription_terms t on t.env_id = s.env_id and t.subscription_id = s.id`,
]

/**
 * What a period's end leaves, as sets, in the tables of the product with all that these check: one invoice with four lines
 * for each subscription, two facts with the work of handing them on, the next period with its end, and what else is to be done.
 */
export const BILL = [
  `create temp table used as
   select b.invoice_id, m.id as meter_id, m.key, sum(u.sum) as quantity,
     1 + row_number() over (partition by b.invoice_id order by m.key) as line_no
   from bare.billed b join usage_rollups u on u.env_id = b.env_id and u.customer = b.customer and u.hour >= b.period_start and u.hour < b.period_end
   join meters m on m.env_id = u.env_id and m.meter_no = u.meter_no group by 1, 2, 3`,
  'analyze used',
  `update subscription_periods set state = 'invoiced'`,
  `insert into subscription_periods (env_id, subscription_id, period_no, period_start, period_end, full_start, full_end,
     state, anchor_step, term_no, is_billed, planned_end)
   select env_id, subscription_id, 1, period_end, period_end + interval '1 month', period_end, period_end + interval '1 month',
     'open', 1, term_no, is_billed, period_end + interval '1 month' from subscription_periods`,
  `insert into customer_late_watches select env_id, customer, period_end from bare.billed`,
  `insert into credit_balances select env_id, customer from bare.billed`,
  `insert into invoice_states (env_id, invoice_id, customer, subscription_id, period_no, kind, status, version, created_at, changed_at)
   select env_id, invoice_id, customer, subscription_id, period_no, 'period', 'draft', 1, now(), now() from bare.billed`,
  `insert into invoices (env_id, id, number, customer, subscription_id, plan_id, plan_version, currency, period_start, period_end,
     total_minor, usage_before, finalized_at, subtotal_minor, amount_due_minor, due_at)
   select b.env_id, b.invoice_id, 'INV-' || lpad(n::text, 6, '0'), b.customer, b.subscription_id, plan_id, plan_version, 'USD', period_start, period_end,
     a.total, 0, now(), a.total, a.total, now()
   from bare.billed b join (
     select invoice_id, 2000 + sum(round(greatest(quantity - 10, 0) * 0.01 * 100)) as total from used group by 1) a using (invoice_id)`,
  ...[
    `select env_id, invoice_id, 1, 'base', 'flat', null, null, 'Base price', 1, 0, 1, 1, 20, 2000, period_start, period_end from bare.billed`,
    `select b.env_id, b.invoice_id, u.line_no, 'usage', 'per_unit', u.meter_id, u.key, u.key || ': ' || u.quantity, u.quantity, 10,
       greatest(u.quantity - 10, 0), greatest(u.quantity - 10, 0), 0.01, round(greatest(u.quantity - 10, 0) * 0.01 * 100), b.period_start, b.period_end
     from bare.billed b join used u using (invoice_id)`,
  ].map(
    (
      lines,
    ) => `insert into invoice_lines (env_id, invoice_id, line_no, kind, rule, meter_id, meter_key, description, quantity, included,
       billable, units, unit_price, amount_minor, period_start, period_end) ${lines}`,
  ),
  `insert into invoice_line_coverage (env_id, invoice_id, line_no, slice_no, customer, used_from, used_to)
   select b.env_id, b.invoice_id, u.line_no, 1, b.customer, b.period_start, b.period_end
   from bare.billed b join used u using (invoice_id)`,
  ...['created', 'finalized'].flatMap((type) => [
    `insert into facts select env_id, 'fact_${type}_' || invoice_id, 'invoice.${type}', now(), jsonb_build_object('invoiceId', invoice_id, 'amount', i.total_minor,
       'totalMinor', i.total_minor::text, 'amountDueMinor', i.total_minor::text, 'taxMinor', '0', 'dueAt', i.due_at, 'currency', 'USD', 'number', i.number, 'status', '${type}',
       'version', 1, 'kind', 'period', 'customerId', b.customer, 'subscriptionId', b.subscription_id, 'periodStart', b.period_start, 'periodEnd', b.period_end, 'reason', null)
     from bare.billed b join invoices i using (env_id) where i.id = b.invoice_id`,
    `insert into due (env_id, kind, ref, at) select env_id, 'fact', 'fact_${type}_' || invoice_id, now() from bare.billed`,
  ]),
  `update invoice_states set status = 'finalized', version = 2`,
  `delete from due where kind = 'period.close'`,
  `insert into due (env_id, kind, ref, at) select env_id, 'period.close', subscription_id, period_end + interval '1 month' from bare.billed`,
  `insert into due (env_id, kind, ref, at) select env_id, 'invoice.collect', invoice_id, now() from bare.billed`,
  `insert into late_watches select env_id, max(period_end) from bare.billed group by env_id`,
  `insert into invoice_numbers select env_id, 1 + count(*) from bare.billed group by env_id`,
]
