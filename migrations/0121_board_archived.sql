-- A board was put away: it can be read, and not changed.
create table board_archived (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    name        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index board_archived_created_at on board_archived (account_id, created_at);
