-- A column was removed; its cards went to another one, if it had any.
create table column_removed (
    account_id       uuid not null,
    id               uuid not null,
    board_id         uuid not null,
    column_id        uuid not null,
    board_name       text,
    name             text,
    color            text not null,
    to_column_id     uuid,
    to_column_name   text,
    to_column_color  text,
    salt             bytea,
    digest           bytea not null,
    created_at       timestamptz not null,
    primary key (account_id, id)
);
create index column_removed_created_at on column_removed (account_id, created_at);
