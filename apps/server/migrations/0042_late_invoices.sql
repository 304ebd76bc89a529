-- Invoices for usage that comes after the last invoice of a subscription that has ended.

alter table invoice_states
  drop constraint invoice_states_kind_check,
  add constraint invoice_states_kind_check check (kind in ('period', 'advance', 'threshold', 'late', 'one_off')),
  drop constraint only_threshold_invoices_are_parts,
  add constraint only_parts_of_a_period_are_numbered check ((kind in ('threshold', 'late')) = (part_no > 0));

-- How far an ended subscription was looked at for late usage, whether it came to an invoice or not.
create table late_looks (
  env_id          integer not null references environments,
  subscription_id text    not null,
  position        bigint  not null, -- what turns of the roll-up have noted up to this one was seen

  constraint late_looks_pkey primary key (env_id, subscription_id),
  constraint looks_at_a_subscription foreign key (env_id, subscription_id) references subscriptions
);

insert into due (env_id, kind, ref, at)
  select env_id, 'subscription.late', id, ended_at + interval '36 days' from subscriptions where status = 'canceled'
  on conflict do nothing;
