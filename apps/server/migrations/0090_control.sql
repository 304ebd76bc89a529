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
