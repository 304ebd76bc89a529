-- Reports: what packages in the programs of others tell of the requests that they have seen. By real time.

-- Each process that reports, and how far it has come.
create table report_producers (
  env_id            integer     not null references environments,
  producer          text        not null,
  application       text        not null,
  agent             text        not null,
  sequence          bigint      not null, -- of its last report
  first_reported_at timestamptz not null,
  last_reported_at  timestamptz not null,
  missed            bigint      not null default 0, -- reports that never came
  missed_at         timestamptz,
  left_out          bigint      not null default 0, -- rows that counted for nothing
  left_out_at       timestamptz,
  usage             jsonb, -- what became of usage since it began
  lost_at           timestamptz, -- when more of it was lost

  constraint report_producers_pkey primary key (env_id, producer)
) with (fillfactor = 50);

-- Routes of applications. Requests without one are a row of their own, with empty texts.
create table endpoints (
  env_id         integer     not null references environments,
  id             text        not null,
  application_id text        not null,
  method         text        not null,
  route          text        not null,
  first_seen_at  timestamptz not null,
  declared_at    timestamptz, -- by the framework; to the day
  last_seen_at   timestamptz, -- in traffic; to the minute

  constraint endpoints_pkey primary key (env_id, id),
  constraint one_endpoint_per_route unique (env_id, application_id, method, route)
) with (fillfactor = 70);

-- Adds two records of counts, like {"200": 3}.
create function add_counts(one jsonb, other jsonb) returns jsonb language sql immutable parallel safe as $$
  select coalesce(jsonb_object_agg(key, total), '{}')
  from (
    select key, sum(value::numeric) as total
    from (select * from jsonb_each_text(one) union all select * from jsonb_each_text(other)) as each
    group by key
  ) as summed
$$;
create aggregate sum_counts(jsonb) (sfunc = add_counts, stype = jsonb, initcond = '{}', parallel = safe);

-- All requests of an endpoint in a minute or an hour.
create table endpoint_statistics (
  env_id         integer     not null references environments,
  endpoint_id    text        not null,
  span           text        not null check (span in ('minute', 'hour')),
  starts_at      timestamptz not null,
  requests       bigint      not null,
  unmetered      bigint      not null,
  statuses       jsonb       not null, -- by status
  latency        jsonb       not null, -- by bucket, as packages/policy counts
  request_bytes  bigint      not null,
  response_bytes bigint      not null,
  customers      integer     not null default 0, -- of an hour: how many have a row

  constraint endpoint_statistics_pkey primary key (env_id, endpoint_id, span, starts_at)
) with (fillfactor = 50);
create index endpoint_statistics_by_age on endpoint_statistics using brin (starts_at);

-- The same of one customer in an hour; the empty name stands for requests of nobody known.
create table endpoint_customers (
  env_id         integer     not null references environments,
  endpoint_id    text        not null,
  starts_at      timestamptz not null,
  customer_id    text        not null,
  requests       bigint      not null,
  unmetered      bigint      not null,
  statuses       jsonb       not null,
  latency        jsonb       not null,
  request_bytes  bigint      not null,
  response_bytes bigint      not null,

  constraint endpoint_customers_pkey primary key (env_id, endpoint_id, starts_at, customer_id)
) with (fillfactor = 50);
create index endpoint_customers_by_age on endpoint_customers using brin (starts_at);

-- What limits refused, would have refused, or had no answer for, in an hour.
create table limit_decisions (
  env_id                 integer     not null references environments,
  application            text        not null,
  starts_at              timestamptz not null,
  decision_key           bytea       not null check (length(decision_key) = 32), -- SHA-256 of the texts: together they may be longer than what an index takes
  policy_id              text, -- null: of a limit in the code of the host, or a block
  pattern                text, -- of a limit in the code
  limit_name             text        not null,
  mode                   text        not null check (mode in ('enforce', 'shadow')),
  identity_kind          text        check (identity_kind in ('customer', 'network')), -- null: of all together
  identity_id            text,
  refused                bigint      not null,
  allowed_without_answer bigint      not null,
  refused_without_answer bigint      not null,

  constraint limit_decisions_pkey primary key (env_id, application, starts_at, decision_key)
) with (fillfactor = 50);
create index limit_decisions_of_a_policy on limit_decisions (env_id, policy_id, starts_at);
create index limit_decisions_by_age on limit_decisions using brin (starts_at);

-- Single requests, a few of many.
create table request_samples (
  env_id         integer     not null references environments,
  id             text        not null,
  application_id text        not null,
  endpoint_id    text        not null,
  at             timestamptz not null,
  method         text        not null,
  route          text, -- null: the framework had none
  status         integer     not null,
  duration_us    bigint      not null,
  request_bytes  bigint,
  response_bytes bigint,
  customer_id    text,
  client_address text,
  user_agent     text,
  query_names    jsonb       not null,

  constraint request_samples_pkey primary key (env_id, id)
);
create index request_samples_by_time on request_samples (env_id, at, id);
create index request_samples_of_an_application on request_samples (env_id, application_id, at, id);
create index request_samples_of_an_endpoint on request_samples (env_id, endpoint_id, at, id);
create index request_samples_of_a_customer on request_samples (env_id, customer_id, at, id);
create index request_samples_by_age on request_samples using brin (at);
