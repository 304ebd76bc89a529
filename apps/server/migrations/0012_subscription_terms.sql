-- What a subscription is sold as, and how that changes: terms tile its time. A change is a new term, a
-- change that is planned is a term ahead, and a trial or a pause is a term that is not billed.

create table subscription_terms (
  env_id          integer        not null,
  subscription_id text           not null,
  term_no         integer        not null check (term_no >= 0),
  kind            text           not null check (kind in ('billed', 'trial', 'pause')),
  since           timestamptz    not null,
  until           timestamptz, -- null: as long as the subscription
  plan_id         text           not null,
  plan_version    integer        not null,
  quantity        numeric(30, 12) not null default 1 check (quantity > 0), -- how often the base price is due
  overrides       jsonb          not null default '{}',
  anchor_kind     text           not null check (anchor_kind in ('day', 'instant', 'calendar')),
  anchor_local    text           not null, -- civil date and time, like 2026-01-31T00:00:00
  time_zone       text           not null,

  constraint subscription_terms_pkey primary key (env_id, subscription_id, term_no),
  constraint one_term_per_start unique (env_id, subscription_id, since),
  constraint terms_of_a_subscription foreign key (env_id, subscription_id) references subscriptions,
  constraint terms_of_a_version foreign key (env_id, plan_id, plan_version) references plan_versions,
  constraint a_term_lasts_for_a_while check (since < until)
);

create index subscription_terms_by_version on subscription_terms (env_id, plan_id, plan_version);

insert into subscription_terms (env_id, subscription_id, term_no, kind, since, plan_id, plan_version, anchor_kind, anchor_local, time_zone)
select env_id, id, 0, 'billed', started_at, plan_id, plan_version, anchor_kind, anchor_local, time_zone from subscriptions;

alter table subscriptions
  add column term_no integer not null default 0, -- the present one: the last that was entered
  drop column plan_id, -- takes its foreign key and its index along
  drop column plan_version,
  drop column anchor_kind,
  drop column anchor_local,
  drop column time_zone,
  drop constraint subscriptions_status_check,
  add constraint subscriptions_status_check check (status in ('trialing', 'active', 'paused', 'suspended', 'canceled')),
  add constraint the_present_term_of_a_subscription foreign key (env_id, id, term_no) references subscription_terms deferrable initially deferred;

-- `period_no` is a running number from now on: a change of terms cuts a period in two.
alter table subscription_periods
  add column anchor_step integer, -- the steps from the anchor of the term
  add column term_no integer,
  add column is_billed boolean,
  add column planned_end timestamptz; -- where it was to end when it began: so far a base price is paid in advance

update subscription_periods set anchor_step = period_no, term_no = 0, is_billed = true, planned_end = period_end;

alter table subscription_periods
  alter column anchor_step set not null,
  alter column term_no set not null,
  alter column is_billed set not null,
  alter column planned_end set not null,
  add constraint steps_are_counted_from_the_anchor check (anchor_step >= 0),
  add constraint a_period_is_planned_within_the_whole check (period_start < planned_end and planned_end <= full_end),
  add constraint periods_of_a_term foreign key (env_id, subscription_id, term_no) references subscription_terms;
