-- What of reports and usage was lost in an hour: a warning tells of a day, and not of all the time that a process runs. The
-- times `missed_at`, `left_out_at` and `lost_at` of a producer are read by nobody from now on; a server of before writes them still.
create table report_losses (
  env_id      integer     not null references environments,
  application text        not null,
  starts_at   timestamptz not null,
  kind        text        not null check (kind in ('reports_missed', 'rows_left_out', 'usage_lost')),
  count       bigint      not null,
  last_at     timestamptz not null,

  constraint report_losses_pkey primary key (env_id, application, starts_at, kind)
);
create index report_losses_by_age on report_losses using brin (starts_at);
