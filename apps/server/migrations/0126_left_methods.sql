-- Methods that were detached because their account was left come back with it, unlike those that a person detached.

alter table payment_methods add column left_account text check (left_account is null or detached_at is not null); -- at which account it was when that was left
alter table payment_methods add column left_as_default boolean not null default false;

create index payment_methods_by_left_account on payment_methods (env_id, left_account, customer) where left_account is not null;
