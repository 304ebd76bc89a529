-- The grants of an environment in the order of their making, over all customers.
create index credit_grants_by_time on credit_grants (env_id, granted_at, id);
