-- Whoever remembers what a customer's credits come to can tell whether they have changed.

alter table credit_balances
  add column entries bigint not null default 0; -- how many entries were written since this column is there
