-- Control: what a service lets through, and by whose name. Everything here goes by real time.

-- How often what SDKs read of an environment has changed: whoever changes it counts, in the same transaction.
create table control_versions (
  env_id  integer primary key references environments,
  version bigint  not null
);

-- Where in a request the customer's name stands.
create table strategies (
  env_id      integer     not null references environments,
  id          text        not null,
  key         text        not null,
  name        text        not null,
  sources     jsonb       not null check (jsonb_array_length(sources) between 1 and 10), -- in the order in which they are asked
  created_at  timestamptz not null,
  archived_at timestamptz,

  constraint strategies_pkey primary key (env_id, id),
  constraint one_strategy_per_key unique (env_id, key)
);

-- What holds for the requests that a pattern covers.
create table policies (
  env_id         integer     not null references environments,
  id             text        not null,
  key            text        not null,
  name           text        not null,
  application    text, -- null: of all
  method         text        not null,
  url            text        not null,
  priority       integer     not null,
  strategy_id    text, -- null: callers are told apart by network
  mode           text        not null check (mode in ('enforce', 'shadow', 'off')),
  without_answer text        not null check (without_answer in ('allow', 'refuse')),
  deadline_ms    integer     not null check (deadline_ms between 1 and 1000),
  limits         jsonb       not null check (jsonb_array_length(limits) <= 5),
  created_at     timestamptz not null,
  archived_at    timestamptz,

  constraint policies_pkey primary key (env_id, id),
  constraint one_policy_per_key unique (env_id, key),
  constraint policies_by_a_strategy foreign key (env_id, strategy_id) references strategies
);

-- Services of the organization's, each made when it was seen first.
create table applications (
  env_id        integer     not null references environments,
  id            text        not null,
  name          text        not null,
  first_seen_at timestamptz not null,
  last_seen_at  timestamptz not null, -- to the minute

  constraint applications_pkey primary key (env_id, id),
  constraint one_application_per_name unique (env_id, name)
);

-- Who is let through nowhere.
create table control_blocks (
  env_id     integer     not null references environments,
  id         text        not null,
  kind       text        not null check (kind in ('customer', 'network')),
  blocked    text        not null, -- the customer's name, or the network
  reason     text        not null,
  until      timestamptz, -- null: until it is removed
  created_at timestamptz not null,

  constraint control_blocks_pkey primary key (env_id, id),
  constraint one_block_of_each unique (env_id, kind, blocked)
);
