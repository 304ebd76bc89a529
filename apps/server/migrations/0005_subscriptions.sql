-- Who is billed, for which plan, over which periods.

create table customers (
  env_id     integer     not null references environments,
  customer   text        not null check (length(customer) between 1 and 255), -- the organization's own name for it
  id         text        not null,
  name       text        not null default '',
  parent     text,
  created_at timestamptz not null,

  constraint customers_pkey primary key (env_id, customer),
  constraint one_customer_per_id unique (env_id, id),
  constraint a_parent_is_a_customer foreign key (env_id, parent) references customers,
  constraint nobody_is_their_own_parent check (parent is distinct from customer)
);

create index customers_by_parent on customers (env_id, parent) where parent is not null;

create table subscriptions (
  env_id        integer     not null references environments,
  id            text        not null,
  customer      text        not null,
  plan_id       text        not null,
  plan_version  integer     not null,
  status        text        not null check (status in ('active', 'suspended', 'canceled', 'parked')),
  anchor_kind   text        not null check (anchor_kind in ('day', 'instant', 'calendar')),
  anchor_local  text        not null, -- civil date and time, like 2026-01-31T00:00:00
  time_zone     text        not null,
  started_at    timestamptz not null,
  cancel_at     timestamptz, -- asked for: the end of a period
  ended_at      timestamptz, -- coverage is [started_at, ended_at)
  parked_reason text, -- a broken invariant: bills nothing until a person has looked
  created_at    timestamptz not null,

  constraint subscriptions_pkey primary key (env_id, id),
  constraint subscriptions_of_a_customer foreign key (env_id, customer) references customers,
  constraint subscriptions_of_a_version foreign key (env_id, plan_id, plan_version) references plan_versions
);

create index subscriptions_by_customer on subscriptions (env_id, customer);

-- Periods tile time: half-open, computed from the anchor, stored, and never recomputed.
create table subscription_periods (
  env_id          integer     not null,
  subscription_id text        not null,
  period_no       integer     not null check (period_no >= 0),
  period_start    timestamptz not null,
  period_end      timestamptz not null,
  full_start      timestamptz not null, -- the whole period that a stub or an early end is a part of
  full_end        timestamptz not null,
  state           text        not null check (state in ('open', 'closed', 'invoiced')),

  constraint subscription_periods_pkey primary key (env_id, subscription_id, period_no),
  constraint one_period_per_start unique (env_id, subscription_id, period_start),
  constraint periods_of_a_subscription foreign key (env_id, subscription_id) references subscriptions,
  constraint a_period_ends_after_it_starts check (period_start < period_end and full_start <= period_start and period_end <= full_end)
);
