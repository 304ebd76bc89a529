-- What has happened to one customer, and of that to one of its subscriptions or invoices.

create index facts_by_customer on facts (env_id, (data->>'customerId'), at, id) where data->>'customerId' is not null;
