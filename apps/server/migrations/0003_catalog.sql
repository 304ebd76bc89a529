-- What is counted and what it costs.

create table meters (
  env_id         integer     not null references environments,
  meter_no       integer     generated always as identity, -- the short name of a meter in big tables
  id             text        not null,
  key            text        not null check (length(key) between 1 and 100),
  name           text        not null check (length(name) between 1 and 200),
  unit           text        not null default '',
  event_name     text        not null,
  aggregation    text        not null check (aggregation in ('COUNT', 'SUM', 'MAX', 'MIN', 'AVG', 'LAST', 'UNIQUE')),
  value_property text[], -- where in the metadata the value stands; null: the event's amount
  filter         jsonb, -- as the user wrote it
  filter_path    text, -- the same, compiled to jsonpath: what SQL evaluates everywhere
  group_by       text[]      not null default '{}', -- metadata properties that become the dimension
  factor         numeric(38, 12) not null default 1 check (factor > 0 and factor < 1e26),
  divisor        numeric(38, 12) not null default 1 check (divisor > 0 and divisor < 1e26),
  created_at     timestamptz not null,
  archived_at    timestamptz,
  live_from      bigint, -- the roll-up folds events from this transaction on; older ones are back-filled
  backfill_after uuid, -- the last key that the back-fill has folded
  backfilled_at  timestamptz, -- null while older events are still being folded

  constraint meters_pkey primary key (env_id, id),
  constraint one_meter_per_key unique (env_id, key),
  constraint one_meter_per_number unique (env_id, meter_no)
);

create index meters_by_event_name on meters (env_id, event_name);
create index meters_behind on meters (env_id, meter_no) where backfilled_at is null;

create table plans (
  env_id      integer     not null references environments,
  id          text        not null,
  key         text        not null check (length(key) between 1 and 100),
  name        text        not null check (length(name) between 1 and 200),
  created_at  timestamptz not null,
  archived_at timestamptz,

  constraint plans_pkey primary key (env_id, id),
  constraint one_plan_per_key unique (env_id, key)
);

-- A version never changes: a subscription keeps the one it was made with.
create table plan_versions (
  env_id          integer     not null,
  plan_id         text        not null,
  version         integer     not null check (version >= 1),
  currency        text        not null check (currency ~ '^[A-Z]{3}$'),
  cycle           text        not null check (cycle in ('day', 'week', 'month', 'quarter', 'year')),
  base_minor      bigint      not null check (base_minor >= 0),
  base_in_advance boolean     not null,
  grace_seconds   integer     not null check (grace_seconds between 0 and 2678400), -- wait for late events
  created_at      timestamptz not null,

  constraint plan_versions_pkey primary key (env_id, plan_id, version),
  constraint plan_versions_of_a_plan foreign key (env_id, plan_id) references plans
);

create table prices (
  env_id   integer not null,
  plan_id  text    not null,
  version  integer not null,
  price_no integer not null check (price_no >= 1), -- the order of the lines
  meter_id text    not null,
  model    jsonb   not null, -- a `Price` of packages/pricing, decimals as strings

  constraint prices_pkey primary key (env_id, plan_id, version, price_no),
  constraint one_price_per_meter unique (env_id, plan_id, version, meter_id),
  constraint prices_of_a_version foreign key (env_id, plan_id, version) references plan_versions,
  constraint prices_of_a_meter foreign key (env_id, meter_id) references meters
);
