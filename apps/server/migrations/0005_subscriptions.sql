-- Who is billed, for which plan, over which periods.

create table customers (
  env_id     integer     not null references environments,
  customer   text        not null check (length(customer) between 1 and 255), -- the organization's own name for it
  id         text        not null,
  name       text        not null default '',
  created_at timestamptz not null,

  constraint customers_pkey primary key (env_id, customer),
  constraint one_customer_per_id unique (env_id, id)
);

-- Who stood above whom, and when: usage is billed to whoever stood above its customer at its time.
create table customer_parents (
  env_id   integer     not null,
  customer text        not null,
  parent   text        not null,
  since    timestamptz not null,
  until    timestamptz, -- null: still so

  constraint customer_parents_pkey primary key (env_id, customer, since),
  constraint parents_of_a_customer foreign key (env_id, customer) references customers,
  constraint a_parent_is_a_customer foreign key (env_id, parent) references customers,
  constraint nobody_is_their_own_parent check (parent <> customer),
  constraint a_parent_stands_there_for_a_while check (since < until)
);

create unique index one_parent_at_a_time on customer_parents (env_id, customer) where until is null;
create index customer_parents_by_parent on customer_parents (env_id, parent);

create table subscriptions (
  env_id        integer     not null references environments,
  id            text        not null,
  customer      text        not null,
  plan_id       text        not null,
  plan_version  integer     not null,
  status        text        not null check (status in ('active', 'suspended', 'canceled')),
  anchor_kind   text        not null check (anchor_kind in ('day', 'instant', 'calendar')),
  anchor_local  text        not null, -- civil date and time, like 2026-01-31T00:00:00
  time_zone     text        not null,
  started_at    timestamptz not null,
  cancel_at     timestamptz, -- when it will end, once somebody has asked
  ended_at      timestamptz, -- it covers usage of [started_at, ended_at)
  parked_at     timestamptz, -- a broken invariant: bills nothing until a person has looked
  parked_reason text,
  created_at    timestamptz not null,

  constraint subscriptions_pkey primary key (env_id, id),
  constraint subscriptions_of_a_customer foreign key (env_id, customer) references customers,
  constraint subscriptions_of_a_version foreign key (env_id, plan_id, plan_version) references plan_versions,
  constraint a_canceled_subscription_has_an_end check ((status = 'canceled') = (ended_at is not null)),
  constraint a_parked_subscription_says_why check ((parked_at is null) = (parked_reason is null)),
  constraint a_subscription_starts_before_it_is_to_end check (started_at < cancel_at)
);

create index subscriptions_by_customer on subscriptions (env_id, customer);
create index subscriptions_by_version on subscriptions (env_id, plan_id, plan_version);
create index subscriptions_by_time on subscriptions (env_id, created_at, id);

-- Periods tile time: half-open, computed from the anchor, stored, and never recomputed.
-- The one exception: an open period ends early when its subscription is canceled.
create table subscription_periods (
  env_id          integer     not null,
  subscription_id text        not null,
  period_no       integer     not null check (period_no >= 0), -- the steps from the anchor
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

create unique index one_open_period_per_subscription on subscription_periods (env_id, subscription_id) where state = 'open';

-- What has been sold stays what it was.
create trigger plan_versions_are_never_changed before update or delete or truncate on plan_versions
  for each statement execute function refuse_change();
create trigger prices_are_never_changed before update or delete or truncate on prices
  for each statement execute function refuse_change();
