-- Sign-on through the issuer of an organization (OpenID Connect).

-- The e-mail domains that the operator of the installation has allowed an organization to speak for.
create table sign_on_domains (
  domain          text        primary key check (domain = lower(domain) and length(domain) between 1 and 253),
  organization_id text        not null references organizations on delete cascade,
  allowed_at      timestamptz not null
);

create index sign_on_domains_by_organization on sign_on_domains (organization_id, domain);

create table sign_on_connections (
  organization_id text        primary key references organizations on delete cascade,
  issuer          text        not null,
  client_id       text        not null,
  sealed_secret   bytea       not null,
  role            text        not null check (role in ('ADMIN', 'DEVELOPER', 'VIEWER')), -- of new members: never OWNER
  enabled         boolean     not null,
  enforced        boolean     not null,
  changed_at      timestamptz not null
);

-- Whom an issuer knows under which name. Goes with the membership, and with the connection.
create table sign_on_identities (
  organization_id text        not null references sign_on_connections on delete cascade,
  issuer          text        not null,
  subject         text        not null check (length(subject) between 1 and 255),
  user_id         text        not null,
  linked_at       timestamptz not null,

  constraint one_member_per_subject primary key (organization_id, issuer, subject),
  constraint one_subject_per_member unique (organization_id, issuer, user_id),
  constraint an_identity_is_of_a_member foreign key (organization_id, user_id) references members on delete cascade
);

create index sign_on_identities_by_member on sign_on_identities (organization_id, user_id);

-- Those who were sent to an issuer and have not come back: each may do so once, in the same browser.
create table sign_on_attempts (
  state           bytea       primary key check (length(state) = 32), -- SHA-256
  browser         bytea       not null check (length(browser) = 32), -- SHA-256 of what its cookie holds
  organization_id text        not null references sign_on_connections on delete cascade,
  sealed          bytea       not null, -- what the answer is checked against
  began_at        timestamptz not null
);

create index sign_on_attempts_by_age on sign_on_attempts (began_at);
create index sign_on_attempts_by_organization on sign_on_attempts (organization_id);
