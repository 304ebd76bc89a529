-- Credits: what customers were granted, what became of it, and what is reserved.

-- The row that whoever changes the credits or holds of a customer locks first: they go one after the other.
create table credit_balances (
  env_id   integer not null,
  customer text    not null,

  constraint credit_balances_pkey primary key (env_id, customer),
  constraint balances_of_a_customer foreign key (env_id, customer) references customers
);

create table credit_grants (
  env_id          integer     not null references environments,
  id              text        not null,
  customer        text        not null,
  kind            text        not null check (kind in ('units', 'money')),
  meter_id        text, -- of units
  currency        text check (currency ~ '^[A-Z]{3}$'), -- of money
  meter_ids       text[], -- what money may pay for; null: everything
  amount          numeric(38, 12) not null check (amount > 0 and amount < 1e26), -- units, or minor units of money
  low_at          numeric(38, 12) check (low_at >= 0), -- `credits.low` is told when no more than this is left
  valid_from      timestamptz not null,
  valid_to        timestamptz, -- null: for ever
  priority        integer     not null, -- the least is used first
  is_promotional  boolean     not null,
  source          text        not null check (source in ('plan', 'manual', 'top_up', 'rollover', 'correction')),
  name            text        not null default '',
  subscription_id text, -- of a plan: whose period it was granted for
  period_no       integer,
  credit_no       integer, -- which of the plan's credits
  rollover_cap    numeric(38, 12) check (rollover_cap > 0), -- at most this goes over into the next period
  rollover_periods integer check (rollover_periods >= 1), -- so many times what is left may go over
  rolled_from     text, -- the grant that this is the rest of
  granted_at      timestamptz not null,
  voided_at       timestamptz,

  constraint credit_grants_pkey primary key (env_id, id),
  constraint grants_of_a_balance foreign key (env_id, customer) references credit_balances,
  constraint grants_of_a_meter foreign key (env_id, meter_id) references meters,
  constraint grants_of_a_subscription foreign key (env_id, subscription_id) references subscriptions,
  constraint a_grant_is_of_units_or_of_money check (
    (kind = 'units' and meter_id is not null and currency is null and meter_ids is null)
    or (kind = 'money' and meter_id is null and currency is not null and amount = trunc(amount))),
  constraint a_grant_is_valid_for_a_while check (valid_from < valid_to),
  constraint a_grant_of_a_plan_names_its_period check (
    (source in ('plan', 'rollover')) = (subscription_id is not null and period_no is not null and credit_no is not null)),
  constraint what_rolls_over_ends check (rollover_periods is null or (valid_to is not null and subscription_id is not null)),
  constraint what_is_left_rolls_over_once unique (env_id, rolled_from)
);

create unique index one_grant_per_period_and_credit on credit_grants (env_id, subscription_id, period_no, credit_no) where source = 'plan';
create index credit_grants_by_customer on credit_grants (env_id, customer, granted_at, id);
create index credit_grants_rolled_over on credit_grants (env_id, subscription_id, credit_no, valid_from) where source = 'rollover';

-- A customer's units of a meter that are kept free for work under way.
create table credit_holds (
  env_id     integer     not null,
  id         text        not null,
  customer   text        not null,
  meter_id   text        not null,
  key        text check (length(key) between 1 and 255), -- the caller's: a repeat gets the same hold
  units      numeric(38, 12) not null check (units > 0 and units < 1e26),
  status     text        not null check (status in ('open', 'committed', 'released', 'expired')),
  used       numeric(38, 12) check (used >= 0 and used < 1e26),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  closed_at  timestamptz,

  constraint credit_holds_pkey primary key (env_id, id),
  constraint one_hold_per_key unique (env_id, key),
  constraint holds_of_a_balance foreign key (env_id, customer) references credit_balances,
  constraint holds_of_a_meter foreign key (env_id, meter_id) references meters,
  constraint a_committed_hold_says_what_was_used check ((status = 'committed') = (used is not null)),
  constraint a_closed_hold_says_when check ((status = 'open') = (closed_at is null))
);

create index open_holds_by_customer on credit_holds (env_id, customer, meter_id) where status = 'open';

-- The ledger. The sum of a grant's entries is what is left of it, and never below 0.
create table credit_entries (
  env_id     integer     not null,
  grant_id   text        not null,
  entry_no   integer     not null check (entry_no >= 1), -- two that write at once get the same number: one fails
  kind       text        not null check (kind in ('grant', 'use', 'give_back', 'expiry', 'void', 'rollover', 'hold_commit')),
  amount     numeric(38, 12) not null check (amount <> 0),
  left_after numeric(38, 12) not null,
  invoice_id text,
  hold_id    text,
  at         timestamptz not null,

  constraint credit_entries_pkey primary key (env_id, grant_id, entry_no),
  constraint entries_of_a_grant foreign key (env_id, grant_id) references credit_grants,
  constraint entries_of_a_hold foreign key (env_id, hold_id) references credit_holds,
  constraint a_grant_is_never_overspent check (left_after >= 0),
  constraint the_first_entry_is_the_grant check ((entry_no = 1) = (kind = 'grant') and (kind <> 'grant' or left_after = amount)),
  constraint an_invoice_uses_and_gives_back_once unique (env_id, grant_id, invoice_id, kind),
  constraint a_hold_is_committed_once unique (env_id, grant_id, hold_id),
  constraint use_names_its_invoice check ((kind in ('use', 'give_back')) = (invoice_id is not null)),
  constraint a_commit_names_its_hold check ((kind = 'hold_commit') = (hold_id is not null))
);

create index credit_entries_by_invoice on credit_entries (env_id, invoice_id) where invoice_id is not null;

create trigger credit_entries_are_never_changed before update or delete or truncate on credit_entries
  for each statement execute function refuse_change();
