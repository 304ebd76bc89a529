-- Usage is late only for whom it would be billed to: most of what an environment counts is not.

-- Up to when some period of a subscription of the customer is over; late_watches says the greatest of them.
create table customer_late_watches (
  env_id       integer     not null references environments,
  customer     text        not null,
  closed_until timestamptz not null,

  constraint customer_late_watches_pkey primary key (env_id, customer)
) with (fillfactor = 80);

insert into customer_late_watches
  select s.env_id, s.customer, max(p.period_end)
  from subscription_periods p join subscriptions s on s.env_id = p.env_id and s.id = p.subscription_id
  where p.state <> 'open' group by s.env_id, s.customer;
