-- Invoices may be billed by somebody else, who is handed each of them once it is final. Stripe is: it has items made of their lines.

-- Environments of which whoever is not charged here is billed elsewhere.
create table billed_elsewhere (
  env_id integer     not null references environments,
  since  timestamptz not null,

  constraint billed_elsewhere_pkey primary key (env_id)
);

-- Invoices that are not to be collected here, as somebody else has them.
create table handed_over_invoices (
  env_id         integer     not null,
  invoice_id     text        not null,
  handed_over_at timestamptz not null,

  constraint handed_over_invoices_pkey primary key (env_id, invoice_id),
  constraint handed_over_invoice foreign key (env_id, invoice_id) references invoices
);

alter table stripe_triggers drop constraint stripe_triggers_type_check;
alter table stripe_triggers add constraint stripe_triggers_type_check
  check (type in ('stripe_usage', 'stripe_subscription', 'stripe_invoice'));

alter table stripe_triggers
  alter column meter_id drop not null,
  alter column multiplier drop not null,
  alter column usage_from drop not null,
  add column collection_method text check (collection_method in ('charge_automatically', 'send_invoice')), -- null: no invoice is made there
  drop constraint stripe_trigger_has_what_its_type_needs,
  add constraint stripe_trigger_has_what_its_type_needs check (case type
    when 'stripe_usage' then num_nulls(meter_id, multiplier, usage_from) = 0
      and num_nulls(stripe_meter_ref, event_name, customer_key, value_key) = 0
      and num_nonnulls(proration_behavior, collection_method) = 0
    when 'stripe_subscription' then num_nulls(meter_id, multiplier, usage_from) = 0
      and num_nonnulls(stripe_meter_ref, event_name, customer_key, value_key) = 0
      and num_nulls(price_ref, proration_behavior) = 0 and collection_method is null
    else num_nonnulls(meter_id, multiplier, usage_from, price_ref, stripe_meter_ref, event_name, customer_key, value_key, proration_behavior) = 0
  end);

-- Each invoice is billed once.
create unique index one_active_trigger_of_invoices on stripe_triggers (env_id) where is_active and type = 'stripe_invoice';

-- What becomes of an invoice of ours at Stripe. It is committed before Stripe is called.
create table stripe_invoices (
  env_id         integer     not null,
  invoice_id     text        not null,
  trigger_id     text        not null,
  customer       text        not null,
  currency       text        not null,
  amount_minor   bigint      not null check (amount_minor > 0), -- what is due, and what its items come to
  state          text        not null check (state in ('waiting', 'sending', 'sent', 'paid', 'refused', 'withdrawing', 'withdrawn')),
  reason         text,                  -- why it waits or was refused: ours, or a code of Stripe
  reason_text    text,                  -- what Stripe said
  attempts       integer     not null default 0,
  key_no         integer     not null default 1, -- counts on when Stripe has forgotten the idempotency keys, or refused
  key_since      timestamptz,           -- by real time, like sent_at and created_at: from then on Stripe may know these keys
  sent_at        timestamptz,
  customer_ref   text,                  -- cus_… of Stripe
  invoice_ref    text,                  -- in_… of Stripe: made for this one, or the one its items came on
  invoice_status text,                  -- of that invoice, in the words of Stripe
  created_at     timestamptz not null,

  constraint stripe_invoices_pkey primary key (env_id, invoice_id),
  constraint invoice_at_stripe foreign key (env_id, invoice_id) references invoices,
  constraint trigger_of_stripe_invoice foreign key (env_id, trigger_id) references stripe_triggers (env_id, id)
);

create index stripe_invoices_by_time on stripe_invoices (env_id, created_at, invoice_id);
create index stripe_invoices_by_state on stripe_invoices (env_id, trigger_id, state);
create index stripe_invoices_by_customer on stripe_invoices (env_id, customer, state);
create index stripe_invoices_at_customer on stripe_invoices (env_id, customer_ref, state);

create table stripe_invoice_items (
  env_id       integer     not null,
  invoice_id   text        not null,
  item_no      integer     not null,
  description  text        not null,
  amount_minor bigint      not null, -- negative: it takes off
  period_start timestamptz not null,
  period_end   timestamptz not null,
  item_ref     text,                 -- ii_… of Stripe; null: it is not known to be there

  constraint stripe_invoice_items_pkey primary key (env_id, invoice_id, item_no),
  constraint items_of_stripe_invoice foreign key (env_id, invoice_id) references stripe_invoices on delete cascade
);
