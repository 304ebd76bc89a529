-- Invoices within a period, as soon as its usage has come to what a subscription may owe.

alter table subscriptions
  add column spend_threshold_minor bigint check (spend_threshold_minor > 0); -- null: usage is billed when its period is over

alter table invoice_states
  add column part_no integer not null default 0 check (part_no >= 0), -- which threshold invoice of its period it is
  drop constraint one_invoice_per_period,
  add constraint one_invoice_per_period unique (env_id, subscription_id, period_no, kind, part_no),
  drop constraint invoice_states_kind_check,
  add constraint invoice_states_kind_check check (kind in ('period', 'advance', 'threshold', 'one_off')),
  add constraint only_threshold_invoices_are_parts check ((kind = 'threshold') = (part_no > 0));
