-- Who uses UsageFlow: organizations, their environments, and the keys that speak for one environment.

create table organizations (
  id         text        primary key,
  name       text        not null check (length(name) between 1 and 200),
  created_at timestamptz not null
);

-- The wall between tenants. Every row of data begins with `env_id`.
create table environments (
  env_id          integer     generated always as identity primary key,
  organization_id text        not null references organizations,
  mode            text        not null check (mode in ('live', 'test')),
  unknown_meters  text        not null default 'store' check (unknown_meters in ('store', 'refuse')),
  created_at      timestamptz not null,

  constraint one_environment_per_mode unique (organization_id, mode)
);

-- What time it is in an environment: real time plus an offset, or one instant while a move is under way.
create table environment_clocks (
  env_id    integer     primary key references environments,
  offset_ms bigint      not null default 0,
  frozen_at timestamptz, -- where a move stands
  target    timestamptz, -- where it goes

  constraint a_moving_clock_has_a_place_and_a_target check ((frozen_at is null) = (target is null))
);

create index environment_clocks_not_real on environment_clocks (env_id) where offset_ms <> 0 or target is not null;

create table api_keys (
  id           text        primary key,
  env_id       integer     not null references environments,
  name         text        not null check (length(name) between 1 and 200),
  hash         bytea       not null check (length(hash) = 32), -- SHA-256; the key itself is shown once and kept nowhere
  prefix       text        not null,
  last_four    text        not null,
  scopes       text[]      not null check (cardinality(scopes) > 0),
  created_at   timestamptz not null,
  last_used_at timestamptz,
  expires_at   timestamptz, -- set when a rotation leaves the old key a while to live
  revoked_at   timestamptz,

  constraint one_key_per_hash unique (hash)
);

create index api_keys_by_environment on api_keys (env_id, created_at);
