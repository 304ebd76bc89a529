-- Which payment gives back what a credit note takes back.

alter table credit_notes
  add column refund_id text, -- null where the money is given back outside
  add constraint only_a_refund_is_paid_back check (refund_id is null or settlement = 'refund');
