-- What a period costs. Content is inserted once, at finalization; status stands beside it.

create table invoice_states (
  env_id          integer     not null references environments,
  invoice_id      text        not null,
  customer        text        not null,
  subscription_id text        not null,
  period_no       integer     not null,
  kind            text        not null check (kind in ('period', 'advance')), -- advance: the first base price of a plan paid in advance
  status          text        not null check (status in ('draft', 'finalized', 'paid', 'failed', 'void')),
  reason          text, -- why it failed or was voided, in a person's words
  version         integer     not null default 1, -- grows with every change, so that receivers can order what they are told
  created_at      timestamptz not null,
  changed_at      timestamptz not null,

  constraint invoice_states_pkey primary key (env_id, invoice_id),
  constraint one_invoice_per_period unique (env_id, subscription_id, period_no, kind),
  constraint invoices_of_a_period foreign key (env_id, subscription_id, period_no) references subscription_periods
);

create index invoice_states_by_time on invoice_states (env_id, created_at, invoice_id);
create index invoice_states_by_customer on invoice_states (env_id, customer, created_at, invoice_id);

-- Gapless: taken in the transaction that inserts the invoices.
create table invoice_numbers (
  env_id integer primary key references environments,
  next   bigint  not null default 1
);

create table invoices (
  env_id          integer     not null,
  id              text        not null,
  number          text        not null,
  customer        text        not null,
  subscription_id text        not null,
  plan_id         text        not null,
  plan_version    integer     not null,
  currency        text        not null,
  period_start    timestamptz not null,
  period_end      timestamptz not null,
  total_minor     bigint      not null check (total_minor >= 0),
  usage_before    bigint      not null, -- events of transactions below this one are counted
  finalized_at    timestamptz not null,

  constraint invoices_pkey primary key (env_id, id),
  constraint one_invoice_per_number unique (env_id, number),
  constraint content_of_an_invoice foreign key (env_id, id) references invoice_states
);

create table invoice_lines (
  env_id       integer not null,
  invoice_id   text    not null,
  line_no      integer not null check (line_no >= 1),
  kind         text    not null check (kind in ('base', 'usage')),
  meter_id     text,
  meter_key    text,
  description  text    not null,
  quantity     numeric(38, 12) not null, -- what the meter says; for the base line the part of the period
  included     numeric(38, 12) not null,
  billable     numeric(38, 12) not null,
  unit_price   numeric(38, 12) not null, -- in the currency's major unit
  amount_minor bigint  not null,
  period_start timestamptz not null,
  period_end   timestamptz not null,

  constraint invoice_lines_pkey primary key (env_id, invoice_id, line_no),
  constraint lines_of_an_invoice foreign key (env_id, invoice_id) references invoices,
  constraint a_usage_line_names_its_meter check ((kind = 'usage') = (meter_id is not null))
);

-- Which customers' events, from when to when, a line counts: what makes the line traceable for ever.
create table invoice_line_coverage (
  env_id     integer     not null,
  invoice_id text        not null,
  line_no    integer     not null,
  slice_no   integer     not null,
  customer   text, -- null: every customer of the environment except those in `except`
  except_of  text[]      not null default '{}',
  used_from  timestamptz not null,
  used_to    timestamptz not null,

  constraint invoice_line_coverage_pkey primary key (env_id, invoice_id, line_no, slice_no),
  constraint coverage_of_a_line foreign key (env_id, invoice_id, line_no) references invoice_lines
);

create trigger invoices_are_never_changed before update or delete or truncate on invoices
  for each statement execute function refuse_change();
create trigger invoice_lines_are_never_changed before update or delete or truncate on invoice_lines
  for each statement execute function refuse_change();
create trigger invoice_line_coverage_is_never_changed before update or delete or truncate on invoice_line_coverage
  for each statement execute function refuse_change();
