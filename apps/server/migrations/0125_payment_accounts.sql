-- At which account of its provider a payment was sent: at another one nobody knows it, and it could be made again.

alter table payments add column provider_account text; -- null: it was not sent yet, or its provider has no accounts

update payments p
set provider_account = c.account_id
from stripe_connections c
where c.env_id = p.env_id and p.provider = 'stripe' and p.sent_at is not null;
