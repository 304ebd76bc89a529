-- What every stage leans on: facts, due work, and the answers of retried requests.

-- What happened, for everybody who must be told. Written in the transaction of the change itself.
create table facts (
  env_id integer     not null references environments,
  id     text        not null,
  type   text        not null, -- like `invoice.finalized`
  at     timestamptz not null, -- by the environment's clock
  data   jsonb       not null,

  constraint facts_pkey primary key (env_id, id)
);

create index facts_by_time on facts (env_id, at, id);

-- Work that falls due at an instant of its environment's clock. A finished row is deleted.
create table due (
  env_id      integer     not null references environments,
  kind        text        not null,
  ref         text        not null,
  at          timestamptz not null,
  lease_until timestamptz, -- by the database's clock
  -- Grows with every claim: an older claim may write nothing more. It begins at the microsecond, so that
  -- a row made again for the same work never repeats a fence of the row that was finished.
  fence       bigint      not null default (extract(epoch from clock_timestamp()) * 1000000)::bigint,
  failures    integer     not null default 0,
  last_error  text,
  parked_at   timestamptz, -- given up: a person must look

  constraint one_due_row_per_piece_of_work primary key (env_id, kind, ref)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

create index due_by_time on due (at) where parked_at is null;
create index due_by_environment on due (env_id, at) where parked_at is null;

-- The answer of a POST that carried an Idempotency-Key, kept so that a retry gets the same one.
create table idempotent_requests (
  env_id      integer     not null references environments,
  route       text        not null,
  caller      text        not null,
  key         text        not null check (length(key) between 1 and 255),
  fingerprint bytea       not null, -- SHA-256 of the request's content
  status      integer     not null,
  sealed_reply bytea      not null, -- an answer may hold a secret that is shown once
  created_at  timestamptz not null,

  constraint one_answer_per_key primary key (env_id, route, caller, key)
);

create index idempotent_requests_by_age on idempotent_requests (created_at);
