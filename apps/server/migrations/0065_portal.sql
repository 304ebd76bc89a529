-- Links that let one customer of an organization into the portal. Times are real ones.
create table portal_links (
  env_id             integer     not null references environments,
  id                 text        not null,
  customer           text        not null,
  token_hash         bytea       not null check (length(token_hash) = 32), -- SHA-256
  allows_plan_change boolean     not null,
  return_url         text,
  created_at         timestamptz not null,
  expires_at         timestamptz not null,
  ended_at           timestamptz, -- null: nobody has ended it before its time

  constraint portal_links_pkey primary key (env_id, id),
  constraint a_link_is_of_a_customer foreign key (env_id, customer) references customers,
  constraint one_link_per_token unique (token_hash)
);

create index portal_links_by_customer on portal_links (env_id, customer, expires_at);
create index portal_links_by_expiry on portal_links (expires_at);

-- What the portal of an environment is like; without a row it is as the defaults say.
create table portal_settings (
  env_id       integer     primary key references environments,
  accent_color text        check (accent_color ~ '^#[0-9a-f]{6}$'),
  plan_ids     text[]      not null, -- what customers may change to by themselves, in this order
  changed_at   timestamptz not null
);

-- Whoever has such a link may change a plan: the log says so.
alter table audit_entries drop constraint audit_entries_actor_kind_check;
alter table audit_entries add constraint audit_entries_actor_kind_check
  check (actor_kind in ('key', 'user', 'operator', 'system', 'customer'));
