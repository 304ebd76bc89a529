-- What of an invoice is taken back, once it can no longer be changed.

alter table invoice_states
  add column credited_minor bigint not null default 0 check (credited_minor >= 0), -- by credit notes, tax included
  add constraint what_was_credited_is_not_void check (status <> 'void' or credited_minor = 0);

alter table billing_settings
  add column credit_note_pattern text not null default 'CN-{number:6}';

-- Gapless: taken in the transaction that inserts the note.
create table credit_note_numbers (
  env_id integer primary key references environments,
  next   bigint  not null default 1
);

create table credit_notes (
  env_id      integer     not null,
  id          text        not null,
  number      text        not null,
  invoice_id  text        not null,
  customer    text        not null,
  currency    text        not null,
  settlement  text        not null check (settlement in ('credit', 'refund')),
  grant_id    text, -- of the money that the customer was credited
  reason      text        not null,
  total_minor bigint      not null check (total_minor > 0), -- tax included
  tax_minor   bigint      not null check (tax_minor >= 0),
  issued_at   timestamptz not null,

  constraint credit_notes_pkey primary key (env_id, id),
  constraint one_credit_note_per_number unique (env_id, number),
  constraint credit_notes_of_an_invoice foreign key (env_id, invoice_id) references invoices,
  constraint a_credit_grants_money check ((settlement = 'credit') = (grant_id is not null))
);

create index credit_notes_by_invoice on credit_notes (env_id, invoice_id);
create index credit_notes_by_customer on credit_notes (env_id, customer, issued_at, id);
create index credit_notes_by_time on credit_notes (env_id, issued_at, id);

create table credit_note_lines (
  env_id          integer not null,
  credit_note_id  text    not null,
  invoice_id      text    not null,
  invoice_line_no integer not null,
  amount_minor    bigint  not null check (amount_minor > 0), -- tax included
  tax_minor       bigint  not null check (tax_minor >= 0),

  constraint credit_note_lines_pkey primary key (env_id, credit_note_id, invoice_line_no),
  constraint lines_of_a_credit_note foreign key (env_id, credit_note_id) references credit_notes,
  constraint a_credit_note_takes_lines_back foreign key (env_id, invoice_id, invoice_line_no) references invoice_lines
);

create index credit_note_lines_by_invoice on credit_note_lines (env_id, invoice_id);

create trigger credit_notes_are_never_changed before update or delete or truncate on credit_notes
  for each statement execute function refuse_change();
create trigger credit_note_lines_are_never_changed before update or delete or truncate on credit_note_lines
  for each statement execute function refuse_change();
