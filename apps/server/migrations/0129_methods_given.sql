-- When a customer gave a method on a page of its provider: what was given last is the default, in whatever order it is told.

alter table payment_methods add column given_at timestamptz; -- null: it came otherwise
