-- How requests that a policy covers become usage. A rule never means anything else: what is changed is a new row, and
-- the old one has ended, so that usage which still waits in a process somewhere is counted as it was measured.
create table metering_rules (
  env_id         integer     not null references environments,
  id             text        not null,
  policy_id      text        not null,
  place          integer     not null, -- among those of its policy
  event          text        not null check (length(event) between 1 and 100),
  quantity       text        not null check (length(quantity) between 1 and 1000), -- an expression
  status_classes jsonb       not null check (jsonb_array_length(status_classes) between 1 and 4),
  created_at     timestamptz not null,
  ended_at       timestamptz, -- null: it is given to SDKs

  constraint metering_rules_pkey primary key (env_id, id),
  constraint rules_of_a_policy foreign key (env_id, policy_id) references policies
);

create index metering_rules_that_hold on metering_rules (env_id, policy_id) where ended_at is null;
