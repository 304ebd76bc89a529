-- The few whose billing was stopped are found among any number, in the order of the list.
create index subscriptions_parked on subscriptions (env_id, created_at, id) where parked_at is not null;
