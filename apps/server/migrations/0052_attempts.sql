-- How often somebody has tried what can be guessed, counted by all processes together.
create table attempts (
  subject  text        primary key, -- the kind of try, and the hash of whose it is: an account or an address
  tries    integer     not null check (tries > 0),
  began_at timestamptz not null
);

create index attempts_by_age on attempts (began_at);

-- A request of a person belongs to no environment, and is carried out once all the same.
alter table idempotent_requests drop constraint one_answer_per_key;
alter table idempotent_requests alter env_id drop not null;
alter table idempotent_requests
  add constraint one_answer_per_key unique nulls not distinct (env_id, route, caller, key);
