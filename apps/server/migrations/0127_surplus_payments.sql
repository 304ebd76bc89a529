-- What a person ended without an answer of its provider may have moved money nevertheless. Where its invoice is not owed it, it
-- stands beside the payment that paid the invoice, until it is given back.

alter table payments add column is_surplus boolean not null default false check (not is_surplus or (kind = 'charge' and status = 'succeeded'));

drop index an_invoice_is_paid_once;
create unique index an_invoice_is_paid_once on payments (env_id, invoice_id)
  where kind = 'charge' and status = 'succeeded' and not is_surplus;
