-- What is told to Stripe of usage: what for (triggers), how far (hours, customers), and every single thing that was sent (records).

create table stripe_triggers (
  env_id          integer     not null references environments,
  id              text        not null,
  type            text        not null check (type in ('stripe_usage')),
  account_id      text        not null, -- at which its price and its meter stand
  meter_id        text        not null,
  price_ref       text,                 -- price_… of Stripe; null: its meter was found by the event name
  stripe_meter_ref text       not null, -- mtr_… of Stripe
  event_name      text        not null, -- by which that meter knows its events
  customer_key    text        not null, -- where in a payload it looks for the customer,
  value_key       text        not null, -- and where for the value
  multiplier      numeric(38, 12) not null check (multiplier > 0 and multiplier < 1e18),
  makes_customers boolean     not null, -- at Stripe, where none is linked
  usage_from      timestamptz not null check (date_trunc('hour', usage_from, 'UTC') = usage_from),
  is_active       boolean     not null,
  created_at      timestamptz not null,

  constraint stripe_triggers_pkey primary key (env_id, id),
  constraint meter_of_stripe_trigger foreign key (env_id, meter_id) references meters (env_id, id)
);

-- Two that feed one meter of Stripe could not tell apart what of it is theirs.
create unique index one_active_trigger_per_event_name on stripe_triggers (env_id, account_id, event_name) where is_active;

-- What became of the usage of a customer: all of it that stands in records, whatever their state.
create table stripe_usage_customers (
  env_id     integer not null,
  trigger_id text    not null,
  customer   text    not null,
  counted    numeric(38, 12) not null, -- in units of the meter
  value      numeric(38) not null,     -- in whole units of Stripe; what is missing is less than one of them

  constraint stripe_usage_customers_pkey primary key (env_id, trigger_id, customer),
  constraint trigger_of_stripe_usage foreign key (env_id, trigger_id) references stripe_triggers (env_id, id)
);

create table stripe_usage_hours (
  env_id     integer     not null,
  trigger_id text        not null,
  customer   text        not null,
  hour       timestamptz not null,
  counted    numeric(38, 12) not null,

  constraint stripe_usage_hours_pkey primary key (env_id, trigger_id, customer, hour),
  constraint customer_of_stripe_usage_hour foreign key (env_id, trigger_id, customer) references stripe_usage_customers
);

-- One thing to send. It is committed before Stripe is called, by a name that follows from what it is.
create table stripe_sync_records (
  env_id        integer     not null,
  id            text        not null,
  trigger_id    text        not null,
  customer      text        not null,
  at            timestamptz not null, -- the hour of the usage
  no            integer     not null, -- the how manieth of that hour
  counted       numeric(38, 12) not null,
  value         numeric(38) not null,
  state         text        not null check (state in ('waiting', 'sending', 'sent', 'refused', 'carried')),
  reason        text,                 -- why it waits or was refused: ours, or a code of Stripe
  reason_text   text,                 -- what Stripe said
  identifier    text        not null, -- by which Stripe knows it again
  attempts      integer     not null default 0,
  sent_first_at timestamptz,          -- by real time, as all times of sending: when the identifier was last known not to be used
  sent_at       timestamptz,          -- when it was known to have come
  customer_ref  text,                 -- whom of Stripe it was sent for
  created_at    timestamptz not null, -- by real time

  constraint stripe_sync_records_pkey primary key (env_id, id),
  constraint one_stripe_record_per_delta unique (env_id, trigger_id, customer, at, no),
  constraint trigger_of_stripe_record foreign key (env_id, trigger_id) references stripe_triggers (env_id, id),
  constraint what_is_sent_has_a_time check ((state = 'sent') = (sent_at is not null))
);

create index stripe_sync_records_by_time on stripe_sync_records (env_id, created_at, id);
create index stripe_sync_records_by_state on stripe_sync_records (env_id, trigger_id, state, customer);

-- Up to where was looked whose usage is to be told to Stripe.
create table stripe_usage_progress (
  only_one boolean primary key default true check (only_one),
  position bigint  not null
);
insert into stripe_usage_progress (position) select position from event_cursors where name = 'roll_up';
