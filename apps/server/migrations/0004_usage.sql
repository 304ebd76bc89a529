-- Usage as it was received, and what has been folded from it.

-- Rows are inserted once and never updated: corrections are rows of `event_corrections`.
create table usage_events (
  env_id      integer        not null,
  key         uuid           not null, -- 16 bytes of sha256(idempotency key), or random when none was sent
  fingerprint bigint         not null, -- of the canonical content, to tell a repeat from a reuse
  occurred_at timestamptz    not null, -- when the customer used it: decides the period
  sequence    bigint         not null, -- the sender's order among equal times; 0 if not sent
  name        text           not null, -- the event name; `metric` of POST /api/track
  customer    text           not null,
  amount      numeric(38,12) not null check (amount >= 0 and amount < 1e26), -- also refuses NaN and Infinity
  metadata    text,                    -- validated JSON; null when none was sent
  xid         bigint         not null default txid_current(), -- orders the roll-up
  key_text    text,                    -- the key as sent, for people; null when none was sent
  import_no   integer,                 -- the import it came with

  constraint one_event_per_key primary key (env_id, key)
);

create index usage_events_by_xid on usage_events using brin (xid) with (pages_per_range = 32);
create index usage_events_by_time on usage_events using brin (occurred_at) with (pages_per_range = 64);

-- Finds the events of a customer by time. Written by the worker, off the path that acknowledges.
create table events_by_customer (
  env_id      integer     not null,
  customer    text        not null,
  occurred_at timestamptz not null,
  key         uuid        not null,

  constraint events_by_customer_pkey primary key (env_id, customer, occurred_at, key)
);

-- A later fact about an event: that it does not count, or that it counts with other content.
-- The newest correction holds; the event itself stays as it was received.
create table event_corrections (
  env_id        integer     not null,
  key           uuid        not null,
  correction_no integer     not null check (correction_no >= 1),
  kind          text        not null check (kind in ('void', 'amend')),
  amount        numeric(38, 12) check (amount >= 0 and amount < 1e26),
  metadata      text,
  occurred_at   timestamptz,
  reason        text,
  created_at    timestamptz not null,
  xid           bigint      not null default txid_current(),

  constraint event_corrections_pkey primary key (env_id, key, correction_no),
  constraint corrections_of_an_event foreign key (env_id, key) references usage_events,
  constraint an_amendment_is_whole check ((kind = 'amend') = (amount is not null and occurred_at is not null))
);

create index event_corrections_by_xid on event_corrections (xid);

-- A correction never comes before its event in the count of transactions, although its own may have begun earlier.
create function number_correction() returns trigger language plpgsql as $$
begin
  new.xid := greatest(new.xid, (select xid from usage_events where env_id = new.env_id and key = new.key));
  return new;
end
$$;

create trigger corrections_come_after_their_event before insert on event_corrections
  for each row execute function number_correction();

create table imports (
  env_id      integer     not null references environments,
  id          text        not null,
  import_no   integer     generated always as identity,
  source      text        not null check (length(source) between 1 and 500),
  window_from timestamptz not null,
  window_to   timestamptz not null,
  created_at  timestamptz not null,
  reverted_at timestamptz,

  constraint imports_pkey primary key (env_id, id),
  constraint one_import_per_number unique (env_id, import_no),
  constraint an_import_has_a_window check (window_from < window_to)
);

-- One bucket an hour. `events` counts what a meter counts, `not_counted` what matched but had no usable value.
create table usage_rollups (
  env_id        integer     not null,
  meter_no      integer     not null,
  customer      text        not null,
  hour          timestamptz not null,
  dimension     text        not null, -- the JSON array of the meter's group_by values; '' when it has none
  events        bigint      not null,
  not_counted   bigint      not null,
  sum           numeric     not null,
  min           numeric,
  max           numeric,
  last_value    numeric,
  last_at       timestamptz,
  last_sequence bigint,
  last_key      uuid,

  constraint usage_rollups_pkey primary key (env_id, meter_no, customer, hour, dimension)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);

-- The distinct values of a UNIQUE meter, so that a union over hours and customers stays exact.
create table usage_uniques (
  env_id     integer     not null,
  meter_no   integer     not null,
  customer   text        not null,
  hour       timestamptz not null,
  dimension  text        not null,
  value_hash uuid        not null, -- 16 bytes of sha256(canonical JSON of the scalar)

  constraint usage_uniques_pkey primary key (env_id, meter_no, customer, hour, dimension, value_hash)
);

-- How far a worker has read `usage_events`: all transactions below `position` are folded.
create table event_cursors (
  name              text        primary key check (name in ('roll_up', 'customer_index')),
  position          bigint      not null,
  as_of             timestamptz not null, -- everything committed before this instant is folded
  system_identifier text        not null, -- of the cluster that counts the transactions
  xid_offset        bigint      not null default 0 -- what is added to its numbers, since they restart after a restore
);

insert into event_cursors (name, position, as_of, system_identifier)
select cursor_name, 0, now(), system_identifier
from pg_control_system(), unnest(array['roll_up', 'customer_index']) cursor_name;

-- Keeps the index by transaction up with the table, so that a cursor reads new rows only (for the index by
-- time, vacuum is soon enough). Only the owner may do that, hence a function. Begins at `from_block` and
-- returns the block to begin at next time; 0 looks everywhere.
create function summarize_usage_events(from_block bigint) returns bigint
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  blocks bigint := pg_relation_size('usage_events') / current_setting('block_size')::bigint;
begin
  if from_block = 0 then
    perform brin_summarize_new_values('usage_events_by_xid');
  else -- whole ranges alone: a range that is still being filled would have to be widened by every insert
    perform brin_summarize_range('usage_events_by_xid', block) from generate_series(from_block, blocks - 32, 32) block;
  end if;
  return blocks / 32 * 32;
end
$$;

-- Whether anything is committed that a cursor at `position` has not read. The planner would believe to find a
-- row at once and read the whole table; a function can forbid it that.
create function is_behind(cursor_position bigint) returns boolean
language sql stable set enable_seqscan = off as $$
  select exists (select from usage_events where xid >= cursor_position)
    or exists (select from event_corrections where xid >= cursor_position)
$$;

-- Statement triggers cost an insert nothing and stop even the owner of the table.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end
$$;

create trigger usage_events_are_never_changed before update or delete or truncate on usage_events
  for each statement execute function refuse_change();
create trigger event_corrections_are_never_changed before update or delete or truncate on event_corrections
  for each statement execute function refuse_change();
