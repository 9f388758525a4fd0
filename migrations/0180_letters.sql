-- Letters: what goes out by mail, who wants none about their notices, and who wants the head of the log.

-- local; a letter, owed in the transaction of what it tells of. A backup keeps none: a database restored
-- from it would send them again. What a letter says is sealed, for there may be a one-time link in it, and
-- is gone once it was sent. due_at is when it is tried, or when the lease of whoever is sending it ends;
-- none: it is not tried any more. A letter without an account is about signing in. Admins of at least
-- reader_role may read it in the outbox; none: only its recipient may.
create table letters (
    id             uuid primary key,
    account_id     uuid,
    recipient_id   uuid,
    reader_role    text check (reader_role in ('admin', 'owner')),
    email          text not null,
    subject        text not null,
    sealed_words   bytea,
    tries          integer not null default 0,
    created_at     timestamptz not null,
    due_at         timestamptz,
    lease_id       uuid,
    error_message  text,
    sent_at        timestamptz,
    given_up_at    timestamptz
);
create index letters_due on letters (due_at) where due_at is not null;
create index letters_account on letters (account_id, id);

-- tenant; who wants no letters about their notices, until the row is gone
create table letter_refusals (
    account_id  uuid not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);

-- tenant; who wants the head of the account’s log by mail, and how often, counted from when they chose. due_at
-- is when the next one is looked for; sequence is that of the head they were sent last, none before the first.
create table head_letters (
    account_id  uuid not null,
    user_id     uuid not null,
    every       text not null check (every in ('day', 'week', 'month')),
    chosen_at   timestamptz not null,
    due_at      timestamptz not null,
    sequence    bigint,
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);
create index head_letters_due on head_letters (due_at);
