-- Stripe as a provider of payments: which account an environment is bound to, and who is who there.

alter table payments drop constraint payments_provider_check;
alter table payments add constraint payments_provider_check check (provider in ('manual', 'test', 'stripe'));
alter table payments add column provider_ref text; -- what the provider calls it, once it has said so
alter table payments add column action_url text;   -- where the customer does what it waits for

alter table payment_methods drop constraint payment_methods_provider_check;
alter table payment_methods add constraint payment_methods_provider_check check (provider in ('test', 'stripe'));
-- What a provider tells twice is attached once, and what a person has detached does not come back.
create unique index one_method_per_token_of_stripe on payment_methods (env_id, token) where provider = 'stripe';
create index payments_under_way_at_stripe on payments (env_id) where provider = 'stripe' and status in ('pending', 'action_required');

-- The account that moves the money of an environment. Secrets are sealed under a key that is not here.
create table stripe_connections (
  env_id              integer     primary key references environments,
  id                  text        not null unique, -- in the address that Stripe sends events to
  account_id          text        not null,
  sealed_api_key      bytea       not null,
  last_four           text        not null, -- of the key
  sealed_webhook_secret bytea, -- null: no event can be verified yet
  connected_at        timestamptz not null,
  event_at            timestamptz, -- when the last event came, by real time
  event_type          text,
  error_at            timestamptz, -- when a call failed because of the connection, by real time
  error_code          text
);

-- Whom the account knows our customers as. Another account knows them by other names.
create table stripe_customers (
  env_id      integer not null,
  account_id  text    not null,
  customer    text    not null,
  customer_ref text   not null, -- cus_… of Stripe

  constraint stripe_customers_pkey primary key (env_id, account_id, customer),
  constraint customers_at_stripe foreign key (env_id, customer) references customers (env_id, customer),
  constraint one_customer_per_customer_of_stripe unique (env_id, account_id, customer_ref)
);

-- Events that came, so that one that comes again does nothing. Stripe sends none again after three days.
create table stripe_events (
  env_id      integer     not null references environments,
  event_ref   text        not null,
  received_at timestamptz not null,

  constraint one_stripe_event_once primary key (env_id, event_ref)
);

create index stripe_events_by_time on stripe_events (env_id, received_at);
