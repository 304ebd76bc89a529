-- Where facts are sent, one sending of one fact, one try.

create table webhook_endpoints (
  env_id          integer     not null references environments,
  id              text        not null,
  url             text        not null check (length(url) <= 2048),
  description     text        not null default '',
  event_types     text[]      not null default '{}', -- empty: all
  status          text        not null check (status in ('enabled', 'disabled')),
  disabled_reason text        check (disabled_reason in ('manual', 'gone', 'failing')),
  pace            text        not null default 'quick' check (pace in ('quick', 'slow')), -- which lane serves it
  failing_since   timestamptz, -- by the environment's clock; null after a success
  last_failed_at  timestamptz,
  paused_until    timestamptz, -- the receiver asked for this rest with Retry-After
  created_at      timestamptz not null,
  deleted_at      timestamptz,

  constraint webhook_endpoints_pkey primary key (env_id, id),
  constraint a_disabled_endpoint_has_a_reason check ((status = 'disabled') = (disabled_reason is not null)),
  constraint a_failing_endpoint_has_failed check ((failing_since is null) = (last_failed_at is null))
);

-- Sealed with a key that is not in the database. Several while a rotation is under way.
create table webhook_secrets (
  env_id      integer     not null,
  endpoint_id text        not null,
  secret_no   integer     not null check (secret_no >= 1),
  sealed      bytea       not null,
  created_at  timestamptz not null,
  expires_at  timestamptz,

  constraint webhook_secrets_pkey primary key (env_id, endpoint_id, secret_no),
  constraint secrets_of_an_endpoint foreign key (env_id, endpoint_id) references webhook_endpoints
);

create table webhook_deliveries (
  env_id          integer     not null,
  id              text        not null,
  endpoint_id     text        not null,
  fact_id         text        not null,
  state           text        not null check (state in ('pending', 'delivered', 'failed')),
  attempts        integer     not null default 0, -- of the present series; a replay begins a new one
  next_attempt_at timestamptz, -- by the environment's clock
  created_at      timestamptz not null,
  ended_at        timestamptz,

  constraint webhook_deliveries_pkey primary key (env_id, id),
  constraint one_delivery_per_fact unique (env_id, endpoint_id, fact_id),
  constraint deliveries_to_an_endpoint foreign key (env_id, endpoint_id) references webhook_endpoints,
  constraint deliveries_of_a_fact foreign key (env_id, fact_id) references facts,
  constraint a_pending_delivery_has_a_next_attempt check ((state = 'pending') = (next_attempt_at is not null)),
  constraint an_ended_delivery_has_an_end check ((state = 'pending') = (ended_at is null))
) with (fillfactor = 80);

create index webhook_deliveries_pending on webhook_deliveries (env_id, endpoint_id, next_attempt_at, id) where state = 'pending';
create index webhook_deliveries_by_endpoint on webhook_deliveries (env_id, endpoint_id, id);
create index webhook_deliveries_by_fact on webhook_deliveries (env_id, fact_id, id);

create table webhook_attempts (
  env_id      integer     not null,
  delivery_id text        not null,
  attempt_no  integer     not null check (attempt_no >= 1), -- over all series
  at          timestamptz not null, -- when it ended, by the environment's clock
  duration_ms integer     not null,
  status_code integer, -- null when no answer came
  error       text,
  response    text, -- at most 1 KiB, for people

  constraint webhook_attempts_pkey primary key (env_id, delivery_id, attempt_no),
  constraint attempts_of_a_delivery foreign key (env_id, delivery_id) references webhook_deliveries
);
