-- Payments that their customers dispute at their banks. Providers decide nothing here: they tell how it stands.
create table disputes (
  env_id       integer     not null,
  id           text        not null, -- what the provider calls it
  payment_id   text        not null,
  amount_minor bigint      not null,
  currency     text        not null,
  reason       text        not null, -- in the words of the provider
  status       text        not null check (status in ('open', 'won', 'lost', 'closed')),
  evidence_due_at timestamptz,
  opened_at    timestamptz not null,
  closed_at    timestamptz,

  constraint disputes_pkey primary key (env_id, id),
  constraint disputes_of_a_payment foreign key (env_id, payment_id) references payments,
  constraint open_disputes_are_not_closed check ((status = 'open') = (closed_at is null))
);

create index disputes_by_payment on disputes (env_id, payment_id);
create index disputes_by_time on disputes (env_id, opened_at, id);
create index payments_by_provider_ref on payments (env_id, provider_ref) where provider_ref is not null;
