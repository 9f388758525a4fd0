-- A board that was put away is worked on again.
create table board_restored (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    name        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index board_restored_created_at on board_restored (account_id, created_at);
