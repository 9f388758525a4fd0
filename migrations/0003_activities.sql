-- What happened: the log of every account. No foreign keys; a row is never updated nor deleted.

-- tenant; the number of the account's newest activity. A row of its own, so that taking the next number
-- locks nothing that anybody else needs.
create table account_heads (
    account_id  uuid primary key,
    sequence    bigint not null
) with (fillfactor = 20);

-- tenant; an activity and the event it points at share their id
create table activities (
    account_id    uuid not null,
    sequence      bigint not null,
    id            uuid not null,
    subject_type  text not null,
    creator_id    uuid,
    board_id      uuid,
    card_id       uuid,
    cause_id      uuid,
    undoes_id     uuid,
    source        text not null check (source in ('browser', 'token', 'mail', 'system')),
    token_id      uuid,
    address_id    uuid,
    created_at    timestamptz not null,
    primary key (account_id, sequence),
    unique (account_id, id)
);
-- How much each person did in some days is counted in the index alone.
create index activities_created_at on activities (account_id, created_at) include (creator_id, board_id);
create index activities_board on activities (account_id, board_id, sequence);
create index activities_card on activities (account_id, card_id, sequence);
create index activities_creator on activities (account_id, creator_id, sequence);
create index activities_subject_type on activities (account_id, subject_type, sequence);
-- What happened is undone once.
create unique index activities_undoes on activities (account_id, undoes_id) where undoes_id is not null;

-- tenant; where somebody was when they did something, in a row that can be erased
create table addresses (
    account_id  uuid not null,
    id          uuid not null,
    address     text,
    salt        bytea,
    digest      bytea not null,
    primary key (account_id, id),
    unique (account_id, address)
);

-- tenant; the hashes that bind each activity and its typed row to all before them, some after another:
-- 32 bytes each, the first for this sequence. Written behind the head; whoever records never looks here.
create table seals (
    account_id  uuid not null,
    sequence    bigint not null,
    hashes      bytea not null,
    primary key (account_id, sequence)
);
alter table seals alter column hashes set storage external;
