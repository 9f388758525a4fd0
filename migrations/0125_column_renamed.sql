-- A column was given another name, another colour, or both.
create table column_renamed (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    column_id   uuid not null,
    board_name  text,
    old_name    text,
    old_color   text not null,
    name        text,
    color       text not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index column_renamed_created_at on column_renamed (account_id, created_at);
