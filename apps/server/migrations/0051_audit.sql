-- What was changed, by whom: written in the transaction of the change itself, never changed.

create table audit_entries (
  organization_id text        not null references organizations,
  id              text        not null,
  env_id          integer     references environments, -- null: the organization itself
  at              timestamptz not null, -- real time
  actor_kind      text        not null check (actor_kind in ('key', 'user', 'operator', 'system')),
  actor_id        text        not null,
  action          text        not null, -- like `POST /api/v1/plans`
  target          text, -- the id of what was changed
  request_id      text        not null,
  detail          jsonb       not null, -- what was sent, without secrets

  constraint audit_entries_pkey primary key (organization_id, id)
);

create index audit_entries_by_time on audit_entries (organization_id, at desc, id desc);

-- Entries that wait for their place in the chain.
create table audit_unsealed (
  organization_id text not null,
  entry_id        text not null,

  constraint one_wait_per_entry primary key (organization_id, entry_id),
  constraint an_entry_waits foreign key (organization_id, entry_id) references audit_entries
);

-- The chain of an organization: each seal covers its entry and the seal before.
create table audit_seals (
  organization_id text        not null references organizations,
  position        bigint      not null check (position > 0),
  entry_id        text        not null,
  hash            bytea       not null check (length(hash) = 32),
  sealed_at       timestamptz not null,

  constraint one_seal_per_position primary key (organization_id, position),
  constraint one_seal_per_entry unique (organization_id, entry_id),
  constraint an_entry_is_sealed foreign key (organization_id, entry_id) references audit_entries
);

create trigger audit_entries_are_never_changed before update or delete or truncate on audit_entries
  for each statement execute function refuse_change();
create trigger audit_seals_are_never_changed before update or delete or truncate on audit_seals
  for each statement execute function refuse_change();
