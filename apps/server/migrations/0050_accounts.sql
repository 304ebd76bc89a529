-- People: who they are, how they prove it, and which organizations they belong to.

-- The first five tables are written through the library that knows passwords, sessions and second factors.
create table users (
  id                 text        primary key,
  name               text        not null check (length(name) between 1 and 200),
  email              text        not null check (email = lower(email) and length(email) <= 320),
  email_verified     boolean     not null default false,
  image              text,
  two_factor_enabled boolean     not null default false,
  created_at         timestamptz not null,
  updated_at         timestamptz not null,

  constraint one_user_per_email unique (email)
);

create table sessions (
  id           text        primary key,
  user_id      text        not null references users on delete cascade,
  token        text        not null, -- SHA-256 of what the cookie holds: whoever reads this table can act as nobody
  expires_at   timestamptz not null, -- however much it is used
  last_seen_at timestamptz, -- noted once a minute: a session that nobody uses ends as well
  ip_address   text,
  user_agent   text,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,

  constraint one_session_per_token unique (token)
);

create index sessions_by_user on sessions (user_id, created_at);

create table accounts (
  id                       text        primary key,
  user_id                  text        not null references users on delete cascade,
  provider_id              text        not null,
  account_id               text        not null,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  password                 text, -- argon2id
  created_at               timestamptz not null,
  updated_at               timestamptz not null,

  constraint one_user_per_account unique (provider_id, account_id),
  constraint one_account_per_provider unique (user_id, provider_id)
);

create table verifications (
  id         text        primary key,
  identifier text        not null, -- SHA-256 of what was sent
  value      text        not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create index verifications_by_identifier on verifications (identifier);

create table two_factors (
  id                        text        primary key,
  user_id                   text        not null references users on delete cascade,
  secret                    text        not null, -- encrypted
  backup_codes              text        not null, -- encrypted
  verified                  boolean     default true,
  failed_verification_count integer     default 0,
  locked_until              timestamptz,

  constraint one_second_factor_per_user unique (user_id)
);

create index two_factors_by_secret on two_factors (secret);

-- Lets its holder make the first account of an installation. Used once.
create table first_owner_tokens (
  hash    bytea       primary key check (length(hash) = 32),
  made_at timestamptz not null,
  used_at timestamptz
);

create table members (
  organization_id text        not null references organizations,
  user_id         text        not null references users,
  role            text        not null check (role in ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
  joined_at       timestamptz not null,

  constraint one_membership_per_user primary key (organization_id, user_id)
);

create index members_by_user on members (user_id);

create table invitations (
  id              text        primary key,
  organization_id text        not null references organizations,
  email           text        not null check (email = lower(email)),
  role            text        not null check (role in ('OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER')),
  hash            bytea       not null check (length(hash) = 32), -- SHA-256 of the token in the message
  invited_by      text        not null references users,
  created_at      timestamptz not null,
  expires_at      timestamptz not null,
  ended_at        timestamptz,
  ended_as        text        check (ended_as in ('accepted', 'revoked')),

  constraint one_invitation_per_token unique (hash),
  constraint an_end_says_how check ((ended_at is null) = (ended_as is null))
);

create unique index one_open_invitation_per_email on invitations (organization_id, email) where ended_at is null;

-- Messages to people, written with what they are about and sent after it has committed.
create table outbox_mails (
  id          text        primary key,
  recipient   text        not null,
  subject     text        not null,
  sealed_body bytea, -- it holds links that let people in; gone when a mail server has taken it
  created_at  timestamptz not null,
  next_try_at timestamptz, -- null: sent, shown, or given up
  tries       integer     not null default 0,
  last_error  text
);

create index outbox_mails_waiting on outbox_mails (next_try_at) where next_try_at is not null;
create index outbox_mails_by_time on outbox_mails (created_at);
