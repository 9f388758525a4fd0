-- Who is there: accounts, the people who sign in, and the people as members of an account.

-- reference; whether it is shown who has seen what, whether reports keep a shortened address, and for
-- how many days they are kept
create table accounts (
    id               uuid primary key,
    slug             text not null unique,
    name             text not null,
    time_zone        text not null default 'UTC',
    shows_receipts   boolean not null default false,
    keeps_addresses  boolean not null default false,
    tracking_days    integer not null default 90,
    created_at       timestamptz not null
);

-- reference; an address is kept in lower case; a refused sign-in is recorded once a minute at the most
create table identities (
    id             uuid primary key,
    email          text not null unique,
    password_hash  text,
    created_at     timestamptz not null,
    refused_at     timestamptz
);

-- tenant; somebody who was removed stays as a row, since what they did stays, and as one of an identity
-- that nobody has once their data was erased. tracked is what is
-- recorded of what they open: all of it, all but hidden from others, or nothing
create table users (
    account_id   uuid not null references accounts (id),
    id           uuid not null,
    identity_id  uuid not null references identities (id),
    name         text not null,
    role         text not null check (role in ('owner', 'admin', 'member')),
    color        text not null,
    time_zone    text not null default 'UTC',
    tracked      text not null default 'shown' check (tracked in ('shown', 'hidden', 'off')),
    created_at   timestamptz not null,
    removed_at   timestamptz,
    erased_at    timestamptz,
    primary key (account_id, id),
    unique (account_id, identity_id)
);
-- One query finds the accounts of somebody who signs in.
create index users_identity on users (identity_id);

-- tenant
create table invitations (
    account_id    uuid not null references accounts (id),
    id            uuid not null,
    email         text not null,
    role          text not null check (role in ('owner', 'admin', 'member')),
    token_digest  bytea not null,
    inviter_id    uuid not null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    accepted_at   timestamptz,
    revoked_at    timestamptz,
    user_id       uuid,
    primary key (account_id, id),
    unique (account_id, token_digest),
    foreign key (account_id, inviter_id) references users (account_id, id)
);

-- local; a one-time link that sets a password
create table password_links (
    token_digest  bytea primary key,
    identity_id   uuid not null references identities (id) on delete cascade,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    used_at       timestamptz
);

-- local; one row for every time somebody signed in, until it is revoked
create table sign_ins (
    identity_id   uuid not null references identities (id) on delete cascade,
    id            uuid not null,
    created_at    timestamptz not null,
    last_seen_at  timestamptz not null,
    address       text,
    user_agent    text not null default '',
    revoked_at    timestamptz,
    primary key (identity_id, id)
);
create unique index sign_ins_id on sign_ins (id);

-- local; the table that the session store reads and writes
create schema tower_sessions;
create table tower_sessions.session (
    id           text primary key,
    data         bytea not null,
    expiry_date  timestamptz not null
);
create index session_expiry_date on tower_sessions.session (expiry_date);

-- tenant; bearer tokens of the API
create table tokens (
    account_id    uuid not null references accounts (id),
    id            uuid not null,
    user_id       uuid not null,
    name          text not null,
    scope         text not null check (scope in ('read', 'write', 'admin')),
    digest        bytea not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz,
    revoked_at    timestamptz,
    primary key (account_id, id),
    unique (account_id, digest),
    foreign key (account_id, user_id) references users (account_id, id)
);

-- tenant; a POST with an Idempotency-Key, for a day: that its change was made, a mark that the change's
-- own transaction sets, and then what it was answered. Whoever takes a key over gives the row a new id.
create table idempotency_keys (
    account_id      uuid not null,
    id              uuid not null,
    token_id        uuid not null,
    key             text not null,
    request_digest  bytea not null,
    created_at      timestamptz not null,
    carried_out_at  timestamptz,
    sealed_answer   bytea,
    primary key (account_id, id),
    unique (account_id, token_id, key)
);
create index idempotency_keys_created_at on idempotency_keys (account_id, created_at);
