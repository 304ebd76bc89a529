-- What is used and lent of each limit, by each identity. Real time counts, also in a test environment.
-- The table is logged, although it could be filled again by use: an unlogged one is empty after a crash, and
-- whoever was at the limit would begin anew.
create table limit_states (
  env_id       integer     not null references environments,
  limit_key    bytea       not null check (length(limit_key) = 32), -- SHA-256: names may be longer than what an index takes
  identity_key bytea       not null check (length(identity_key) = 32),
  state        jsonb       not null,
  needed_until timestamptz not null, -- from then on it says as much as no row at all

  constraint limit_states_pkey primary key (env_id, limit_key, identity_key)
-- Rows change with every call: they stay on their page, and no index names what changes.
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
