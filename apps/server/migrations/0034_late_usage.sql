-- Usage that comes after its period was invoiced.

alter table meters
  add column late_usage text not null default 'bill' check (late_usage in ('bill', 'credit', 'absorb'));

-- Up to when some period of an environment is over: usage before then may be late.
create table late_watches (
  env_id       integer     primary key references environments,
  closed_until timestamptz not null
);

-- The hours of customers in which something was counted that may be late, and by which turn last.
create table late_hours (
  env_id   integer     not null references environments,
  customer text        not null,
  hour     timestamptz not null,
  position bigint      not null, -- the turn counted events of transactions below this one

  constraint late_hours_pkey primary key (env_id, customer, hour)
) with (fillfactor = 80);

create index late_hours_by_position on late_hours (env_id, position);

insert into late_watches select env_id, max(period_end) from subscription_periods where state <> 'open' group by env_id;

alter table invoices disable trigger invoices_are_never_changed;
alter table invoices add column late_before bigint; -- of a period: late usage that was counted by turns up to this one was looked for
update invoices set late_before = usage_before;
alter table invoices enable trigger invoices_are_never_changed;

alter table invoice_lines disable trigger invoice_lines_are_never_changed;
alter table invoice_lines
  drop constraint invoice_lines_kind_check,
  add constraint invoice_lines_kind_check check (kind in ('base', 'flat', 'usage', 'late', 'item', 'true_up')),
  drop constraint a_usage_line_names_its_meter,
  add constraint a_line_of_usage_names_its_meter check ((kind in ('usage', 'late')) = (meter_id is not null)),
  add column late_period_no  integer, -- of which period the usage is
  add column late_since      bigint, -- events of transactions below this one were billed before
  add column late_difference bigint, -- what it comes to, whether it is charged or not
  add constraint late_usage_says_of_what check (
    (kind = 'late') = (late_period_no is not null) and (kind = 'late') = (late_since is not null)
    and (kind = 'late') = (late_difference is not null));
alter table invoice_lines enable trigger invoice_lines_are_never_changed;
