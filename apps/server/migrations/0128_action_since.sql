-- Since when a payment waits for its customer: they have three days from then, however long it took until they were asked.

alter table payments add column action_since timestamptz; -- null: they were not asked, or before this was kept
