-- A column took another place on its board.
create table column_moved (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    column_id   uuid not null,
    board_name  text,
    name        text,
    color       text not null,
    rank        text collate "C" not null,
    position    integer not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index column_moved_created_at on column_moved (account_id, created_at);
