-- Alerts: what somebody wants to know of usage, spending and credits, and what was told.

create table alerts (
  env_id     integer     not null references environments,
  id         text        not null,
  name       text        not null,
  kind       text        not null check (kind in ('usage', 'spend', 'balance')),
  customer   text, -- null: of every customer
  plan_id    text, -- null: whatever plan they are on
  meter_id   text, -- of usage, and of a balance of units
  span       text        check (span in ('period', 'day', 'month')), -- of usage
  currency   text        check (currency ~ '^[A-Z]{3}$'), -- of spending, and of a balance of money
  thresholds text[]      not null check (cardinality(thresholds) between 1 and 10),
  created_at timestamptz not null,

  constraint alerts_pkey primary key (env_id, id),
  constraint alerts_of_a_customer foreign key (env_id, customer) references customers,
  constraint alerts_of_a_meter foreign key (env_id, meter_id) references meters (env_id, id),
  constraint usage_has_a_meter_and_a_span check (kind <> 'usage' or (meter_id is not null and span is not null and currency is null)),
  constraint spending_has_a_currency check (kind <> 'spend' or (meter_id is null and span is null and currency is not null)),
  constraint a_balance_is_of_units_or_money check (kind <> 'balance' or (span is null and (meter_id is null) <> (currency is null)))
);

-- A threshold that was reached and told. Of a balance it stays until the balance is above it again.
create table alert_states (
  env_id       integer     not null,
  alert_id     text        not null,
  customer     text        not null,
  subject      text        not null, -- the subscription whose period is counted; empty: none
  window_start timestamptz not null,
  threshold    text        not null,
  value        numeric     not null, -- when it was told
  reached_at   timestamptz not null,

  constraint alert_states_pkey primary key (env_id, alert_id, customer, subject, window_start, threshold),
  constraint states_of_an_alert foreign key (env_id, alert_id) references alerts on delete cascade,
  constraint states_of_a_customer foreign key (env_id, customer) references customers
);

create index alert_states_by_time on alert_states (env_id, reached_at, alert_id);

-- Up to which transaction the usage was looked through for customers that somebody wants to know of.
create table alert_progress (
  is_only  boolean primary key default true check (is_only),
  position bigint  not null
);

insert into alert_progress (position) select position from event_cursors where name = 'roll_up';

-- What was told of credits, until it is no longer so: that a grant is low (its id), that a pool is used up.
create table credit_notices (
  env_id   integer     not null,
  customer text        not null,
  kind     text        not null check (kind in ('low', 'exhausted')),
  subject  text        not null,
  told_at  timestamptz not null,

  constraint credit_notices_pkey primary key (env_id, customer, kind, subject),
  constraint notices_of_a_balance foreign key (env_id, customer) references credit_balances
);

-- Environments in which every change of a balance is to be looked at.
create table credit_watches (
  env_id integer primary key references environments
);
