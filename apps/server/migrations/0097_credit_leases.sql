-- What is lent of credits to processes that decide by themselves, and kept free for it as by a hold. By real time, as all that
-- is lent. Nobody's history: housekeeping forgets it.
create table credit_leases (
  env_id     integer     not null,
  customer   text        not null,
  meter_id   text        not null,
  holder     text        not null check (length(holder) between 1 and 100), -- a process
  lease_id   text        not null check (length(lease_id) between 1 and 100), -- of its choice: a repeat gets the same lease
  units      bigint      not null check (units > 0), -- lent
  held       bigint      not null check (held between 0 and units), -- kept free: all, or once it is settled what was used
  ends_at    timestamptz not null, -- the process uses nothing of it from then on
  held_until timestamptz not null, -- by then the usage that it let through is counted
  settled_at timestamptz,

  constraint credit_leases_pkey primary key (env_id, customer, meter_id, holder, lease_id),
  constraint leases_of_a_balance foreign key (env_id, customer) references credit_balances,
  constraint leases_of_a_meter foreign key (env_id, meter_id) references meters
-- A row changes once, by its settlement, and nothing that an index names.
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
