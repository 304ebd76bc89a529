-- A trigger may set quantities of subscriptions at Stripe, to what a meter comes to in their periods.

alter table stripe_triggers drop constraint stripe_triggers_type_check;
alter table stripe_triggers add constraint stripe_triggers_type_check check (type in ('stripe_usage', 'stripe_subscription'));

alter table stripe_triggers
  alter column stripe_meter_ref drop not null,
  alter column event_name drop not null,
  alter column customer_key drop not null,
  alter column value_key drop not null,
  add column proration_behavior text check (proration_behavior in ('none', 'create_prorations', 'always_invoice')),
  add constraint stripe_trigger_has_what_its_type_needs check (case type
    when 'stripe_usage' then num_nulls(stripe_meter_ref, event_name, customer_key, value_key) = 0 and proration_behavior is null
    else num_nonnulls(stripe_meter_ref, event_name, customer_key, value_key) = 0 and num_nulls(price_ref, proration_behavior) = 0
  end);

-- Two that set one quantity would undo each other's work without end.
create unique index one_active_trigger_per_price on stripe_triggers (env_id, account_id, price_ref)
  where is_active and type = 'stripe_subscription';

-- si_… of Stripe: whose quantity a record sets; its `at` is then the start of the item's period, and `value` the quantity itself.
alter table stripe_sync_records add column item_ref text;
