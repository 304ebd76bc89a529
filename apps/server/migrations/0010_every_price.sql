-- Everything that an invoice can be made of: flat prices, minimums, taxes, coupons, add-ons.

create table tax_rates (
  env_id       integer     not null references environments,
  id           text        not null,
  key          text        not null check (length(key) between 1 and 100),
  name         text        not null check (length(name) between 1 and 200),
  percent      numeric(38, 12) not null check (percent >= 0 and percent <= 1000),
  is_inclusive boolean     not null, -- the tax is a part of the prices
  created_at   timestamptz not null,
  archived_at  timestamptz,

  constraint tax_rates_pkey primary key (env_id, id),
  constraint one_tax_rate_per_key unique (env_id, key)
);

create table coupons (
  env_id          integer     not null references environments,
  id              text        not null,
  key             text        not null check (length(key) between 1 and 100),
  name            text        not null check (length(name) between 1 and 200),
  percent         numeric(38, 12) check (percent > 0 and percent <= 100),
  amount_minor    bigint      check (amount_minor > 0),
  currency        text,
  duration        text        not null check (duration in ('once', 'periods', 'forever')),
  periods         integer     check (periods >= 1),
  redemptions_max integer     check (redemptions_max >= 1),
  redemptions     integer     not null default 0,
  expires_at      timestamptz, -- from then on nobody gets it any more; who has it keeps it
  created_at      timestamptz not null,
  archived_at     timestamptz,

  constraint coupons_pkey primary key (env_id, id),
  constraint one_coupon_per_key unique (env_id, key),
  constraint a_coupon_is_a_percentage_or_an_amount check ((percent is null) <> (amount_minor is null)),
  constraint an_amount_has_a_currency check ((amount_minor is null) = (currency is null)),
  constraint a_coupon_of_some_periods_says_how_many check ((duration = 'periods') = (periods is not null)),
  constraint a_coupon_is_given_no_more_often_than_it_may check (redemptions <= redemptions_max)
);

create table add_ons (
  env_id       integer     not null references environments,
  id           text        not null,
  key          text        not null check (length(key) between 1 and 100),
  name         text        not null check (length(name) between 1 and 200),
  currency     text        not null check (currency ~ '^[A-Z]{3}$'),
  amount_minor bigint      not null check (amount_minor >= 0),
  recurring    text        not null check (recurring in ('period', 'once')),
  tax_rate_id  text,
  created_at   timestamptz not null,
  archived_at  timestamptz,

  constraint add_ons_pkey primary key (env_id, id),
  constraint one_add_on_per_key unique (env_id, key),
  constraint tax_of_an_add_on foreign key (env_id, tax_rate_id) references tax_rates
);

alter table plan_versions
  add column minimum_minor bigint check (minimum_minor >= 0), -- what a whole or partial period costs at least
  add column flat_prices   jsonb not null default '[]', -- {name, amountMinor, recurring, taxRateId}, in the order of their lines
  add column credits       jsonb not null default '[]', -- what every cycle grants
  add column trial_days    integer not null default 0 check (trial_days between 0 and 3660),
  add column net_days      integer not null default 0 check (net_days between 0 and 366), -- from the invoice until it is due
  add column tax_rate_id   text,
  add constraint tax_of_a_version foreign key (env_id, tax_rate_id) references tax_rates;

alter table prices
  add column tax_rate_id text,
  add constraint tax_of_a_price foreign key (env_id, tax_rate_id) references tax_rates;

alter table meters
  add column rounding        text    not null default 'none' check (rounding in ('none', 'up', 'down', 'nearest')),
  add column rounding_digits integer not null default 0 check (rounding_digits between 0 and 12);

alter table customers
  add column email         text,
  add column address       text,
  add column tax_number    text,
  add column language      text,
  add column net_days      integer check (net_days between 0 and 366), -- null: that of the plan
  add column tax_rate_id   text, -- null: that of the plan
  add column is_tax_exempt boolean not null default false,
  add constraint tax_of_a_customer foreign key (env_id, tax_rate_id) references tax_rates,
  add constraint an_exempt_customer_has_no_rate check (not is_tax_exempt or tax_rate_id is null);

-- What was given to a customer or to one subscription: coupons count in the order of their numbers.
create table coupon_attachments (
  env_id          integer     not null,
  id              text        not null,
  attachment_no   bigint      generated always as identity,
  coupon_id       text        not null,
  customer        text        not null,
  subscription_id text, -- null: every subscription of the customer
  attached_at     timestamptz not null,
  detached_at     timestamptz,

  constraint coupon_attachments_pkey primary key (env_id, id),
  constraint attachments_of_a_coupon foreign key (env_id, coupon_id) references coupons,
  constraint coupons_of_a_customer foreign key (env_id, customer) references customers,
  constraint coupons_of_a_subscription foreign key (env_id, subscription_id) references subscriptions
);

create unique index one_coupon_at_a_time on coupon_attachments (env_id, coupon_id, customer, coalesce(subscription_id, ''))
  where detached_at is null;
create index coupon_attachments_by_customer on coupon_attachments (env_id, customer);

create table subscription_add_ons (
  env_id          integer     not null,
  id              text        not null,
  add_on_no       bigint      generated always as identity,
  add_on_id       text        not null,
  subscription_id text        not null,
  quantity        numeric(30, 12) not null check (quantity > 0),
  attached_at     timestamptz not null,
  detached_at     timestamptz,

  constraint subscription_add_ons_pkey primary key (env_id, id),
  constraint subscriptions_of_an_add_on foreign key (env_id, add_on_id) references add_ons,
  constraint add_ons_of_a_subscription foreign key (env_id, subscription_id) references subscriptions,
  constraint an_add_on_is_there_for_a_while check (attached_at < detached_at)
);

create index subscription_add_ons_by_subscription on subscription_add_ons (env_id, subscription_id);

-- Invoices say what became of the sum of their lines. Earlier ones had none of it: their total was due at once.
alter table invoices disable trigger invoices_are_never_changed;
alter table invoices
  drop constraint invoices_total_minor_check, -- corrections may come to more than everything else
  add column subtotal_minor   bigint,
  add column true_up_minor    bigint not null default 0,
  add column tax_minor        bigint not null default 0,
  add column amount_due_minor bigint,
  add column due_at           timestamptz;
update invoices set subtotal_minor = total_minor, amount_due_minor = total_minor, due_at = finalized_at;
alter table invoices
  alter column subtotal_minor set not null,
  alter column amount_due_minor set not null,
  alter column due_at set not null,
  add constraint nobody_owes_less_than_nothing check (amount_due_minor >= 0);
alter table invoices enable trigger invoices_are_never_changed;

alter table invoice_lines disable trigger invoice_lines_are_never_changed;
alter table invoice_lines
  drop constraint invoice_lines_kind_check,
  add constraint invoice_lines_kind_check check (kind in ('base', 'flat', 'usage', 'item', 'true_up')),
  add column name              text   not null default '', -- of a flat price, an add-on or an item
  add column rule              text,
  add column dimension         jsonb, -- the values by which usage was priced; null: all others
  add column credited          numeric(38, 12) not null default 0,
  add column units             numeric(38, 12),
  add column fixed             numeric(38, 12) not null default 0, -- in the currency's major unit
  add column tax_rate_id       text,
  add column discount_minor    bigint not null default 0,
  add column promotional_minor bigint not null default 0,
  add column tax_minor         bigint not null default 0;
update invoice_lines set units = billable, rule = case kind when 'usage' then 'per_unit' else 'flat' end;
alter table invoice_lines
  alter column rule set not null,
  alter column units set not null;
alter table invoice_lines enable trigger invoice_lines_are_never_changed;

-- What was taken off an invoice or put on it, beside its lines, in the order in which it was done.
create table invoice_adjustments (
  env_id        integer not null,
  invoice_id    text    not null,
  adjustment_no integer not null check (adjustment_no >= 1),
  kind          text    not null check (kind in ('unit_credit', 'discount', 'promotional', 'tax', 'prepaid')),
  ref           text    not null, -- a grant, the attachment of a coupon, a rate of tax
  name          text    not null,
  meter_id      text, -- of units
  units         numeric(38, 12), -- of units
  percent       numeric(38, 12), -- of a tax
  is_inclusive  boolean, -- of a tax
  taxable_minor bigint, -- of a tax
  amount_minor  bigint  not null,

  constraint invoice_adjustments_pkey primary key (env_id, invoice_id, adjustment_no),
  constraint adjustments_of_an_invoice foreign key (env_id, invoice_id) references invoices
);

create trigger invoice_adjustments_are_never_changed before update or delete or truncate on invoice_adjustments
  for each statement execute function refuse_change();
