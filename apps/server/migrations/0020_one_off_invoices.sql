-- Invoices that are of no subscription: what a customer is charged for beside all plans.

alter table invoice_states
  alter column subscription_id drop not null,
  alter column period_no drop not null,
  drop constraint invoice_states_kind_check,
  add constraint invoice_states_kind_check check (kind in ('period', 'advance', 'one_off')),
  add constraint invoices_are_of_a_period_or_one_off
    check ((kind = 'one_off') = (subscription_id is null) and (kind = 'one_off') = (period_no is null)),
  add constraint invoices_of_a_customer foreign key (env_id, customer) references customers;

alter table invoices
  alter column subscription_id drop not null,
  alter column plan_id drop not null,
  alter column plan_version drop not null,
  add constraint invoices_of_plans_name_version_and_subscription
    check ((plan_id is null) = (plan_version is null) and (plan_id is null) = (subscription_id is null));
