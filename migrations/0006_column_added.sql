-- A board gained a column.
create table column_added (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    column_id   uuid not null,
    board_name  text,
    name        text,
    color       text not null,
    rank        text collate "C" not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index column_added_created_at on column_added (account_id, created_at);
