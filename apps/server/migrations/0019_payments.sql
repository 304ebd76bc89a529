-- How customers pay: by which means, every attempt, and what an unpaid invoice leads to.

-- Who decides whether invoices are collected by themselves: the customer, else the plan, else the environment.
create table collection_settings (
  env_id  integer not null references environments,
  level   text    not null check (level in ('environment', 'plan', 'customer')),
  subject text    not null, -- id of the plan, name of the customer, or '' for the environment
  mode    text    not null check (mode in ('automatic', 'manual')),

  constraint collection_settings_pkey primary key (env_id, level, subject)
);

-- Days from each failed attempt to the next; when they are used up the invoice has failed.
create table dunning_schedules (
  env_id           integer   primary key references environments,
  retry_after_days integer[] not null
);

create table payment_methods (
  env_id      integer     not null,
  id          text        not null,
  customer    text        not null,
  provider    text        not null check (provider in ('test')),
  token       text        not null, -- what the provider calls it
  is_default  boolean     not null,
  attached_at timestamptz not null,
  detached_at timestamptz,

  constraint payment_methods_pkey primary key (env_id, id),
  constraint methods_of_a_customer foreign key (env_id, customer) references customers (env_id, customer),
  constraint a_detached_method_is_no_default check (detached_at is null or not is_default)
);

create unique index one_default_payment_method on payment_methods (env_id, customer) where is_default;
create index payment_methods_by_customer on payment_methods (env_id, customer, attached_at, id);

-- One attempt to move money. Its id is the idempotency key that the provider is given.
create table payments (
  env_id       integer     not null,
  id           text        not null,
  kind         text        not null check (kind in ('charge', 'refund')),
  origin       text        not null check (origin in ('schedule', 'request')), -- who wanted it: dunning, or a person
  invoice_id   text        not null,
  customer     text        not null,
  provider     text        check (provider in ('manual', 'test')), -- null: the customer had no method
  method_id    text,
  method_token text,
  refund_of    text,
  amount_minor bigint      not null check (amount_minor > 0),
  currency     text        not null,
  status       text        not null check (status in ('pending', 'action_required', 'succeeded', 'failed', 'canceled')),
  failure_code text,
  cancel_asked boolean     not null default false,
  sent_at      timestamptz, -- before the provider is called: from then on it is asked, not called again
  asks         integer     not null default 0,
  created_at   timestamptz not null,
  settled_at   timestamptz,

  constraint payments_pkey primary key (env_id, id),
  constraint payments_of_an_invoice foreign key (env_id, invoice_id) references invoices,
  constraint method_of_a_payment foreign key (env_id, method_id) references payment_methods,
  constraint a_refund_gives_back_a_payment foreign key (env_id, refund_of) references payments,
  constraint a_refund_says_what_it_gives_back check ((kind = 'refund') = (refund_of is not null)),
  constraint open_payments_are_not_settled check ((status in ('pending', 'action_required')) = (settled_at is null))
);

create unique index one_open_charge_per_invoice on payments (env_id, invoice_id)
  where kind = 'charge' and status in ('pending', 'action_required');
create unique index an_invoice_is_paid_once on payments (env_id, invoice_id)
  where kind = 'charge' and status = 'succeeded';
create index payments_by_invoice on payments (env_id, invoice_id, created_at, id);
create index payments_by_time on payments (env_id, created_at, id);
create index payments_by_customer on payments (env_id, customer, created_at, id);
create index refunds_of_a_payment on payments (env_id, refund_of) where refund_of is not null;

-- Unpaid invoices for which a subscription was suspended. It goes on when the last of them is settled.
create table unpaid_suspensions (
  env_id          integer     not null,
  subscription_id text        not null,
  invoice_id      text        not null,
  since           timestamptz not null,

  constraint unpaid_suspensions_pkey primary key (env_id, subscription_id, invoice_id),
  constraint suspensions_for_an_invoice foreign key (env_id, invoice_id) references invoices
);

-- The books of the test provider, which stands for a world outside: it knows nothing of our rows, commits by
-- itself, and would show every charge that was made twice.
create table test_provider_charges (
  env_id          integer     not null references environments,
  idempotency_key text        not null,
  kind            text        not null check (kind in ('charge', 'refund')),
  reference       text        not null, -- the invoice, or the payment that is given back
  token           text        not null,
  amount_minor    bigint      not null,
  currency        text        not null,
  status          text        not null check (status in ('succeeded', 'declined', 'action_required', 'canceled')),
  calls           integer     not null default 1, -- how often it was asked to do it

  constraint one_charge_per_idempotency_key primary key (env_id, idempotency_key)
);

create index test_provider_charges_by_reference on test_provider_charges (env_id, reference);

-- When an invoice was found unpaid after it was due; it stays when the invoice is paid later.
alter table invoice_states add column overdue_at timestamptz;
