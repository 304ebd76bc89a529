-- What an organization says of itself on its invoices, and how it numbers them.

create table billing_settings (
  env_id         integer     primary key references environments,
  seller_name    text        not null,
  seller_address text[]      not null,
  tax_numbers    text[]      not null,
  email          text,
  logo           bytea, -- a PNG or a JPEG
  language       text        not null,
  time_zone      text        not null, -- in which the days on documents are counted
  number_pattern text        not null, -- like INV-{number:6}
  note           text,
  changed_at     timestamptz not null
);
