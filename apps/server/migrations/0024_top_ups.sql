-- Credits that are bought by themselves when few are left.

-- Whoever changes the credits of such a customer has somebody look whether more are to be bought.
alter table credit_balances add column is_topped_up boolean not null default false;

-- Customers who want that: one for each meter, one for the money of each currency.
create table auto_top_ups (
  env_id      integer     not null,
  id          text        not null,
  customer    text        not null,
  kind        text        not null check (kind in ('units', 'money')),
  meter_id    text, -- of units
  currency    text        not null check (currency ~ '^[A-Z]{3}$'), -- of the price, and of money
  below       numeric(38, 12) not null check (below > 0), -- units, or minor units of money, like the amount
  amount      numeric(38, 12) not null,
  price_minor bigint      not null check (price_minor > 0),
  not_before  timestamptz, -- after one that failed
  created_at  timestamptz not null,

  constraint auto_top_ups_pkey primary key (env_id, id),
  constraint auto_top_ups_of_a_balance foreign key (env_id, customer) references credit_balances,
  constraint auto_top_ups_of_a_meter foreign key (env_id, meter_id) references meters,
  constraint a_top_up_is_of_units_or_of_money check ((kind = 'units') = (meter_id is not null)),
  constraint one_top_up_is_enough check (amount >= below)
);

create unique index one_auto_top_up_per_meter on auto_top_ups (env_id, customer, meter_id) where kind = 'units';
create unique index one_auto_top_up_per_currency on auto_top_ups (env_id, customer, currency) where kind = 'money';

-- Each purchase: what is granted when its invoice is paid. It keeps what was wanted then.
create table top_ups (
  env_id         integer     not null,
  invoice_id     text        not null,
  auto_top_up_id text        not null,
  customer       text        not null,
  meter_id       text,
  currency       text        not null,
  amount         numeric(38, 12) not null check (amount > 0),
  status         text        not null check (status in ('open', 'granted', 'failed')),
  credit_id      text,
  created_at     timestamptz not null,

  constraint top_ups_pkey primary key (env_id, invoice_id),
  constraint top_ups_of_an_invoice foreign key (env_id, invoice_id) references invoices,
  constraint a_top_up_is_granted_with_its_credit check ((status = 'granted') = (credit_id is not null))
);

create unique index one_open_top_up on top_ups (env_id, auto_top_up_id) where status = 'open';
