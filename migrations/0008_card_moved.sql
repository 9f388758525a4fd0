-- A card went from one column to another.
create table card_moved (
    account_id         uuid not null,
    id                 uuid not null,
    board_id           uuid not null,
    card_id            uuid not null,
    number             bigint not null,
    from_column_id     uuid not null,
    to_column_id       uuid not null,
    rank               text collate "C" not null,
    title              text,
    from_column_name   text,
    from_column_color  text not null,
    to_column_name     text,
    to_column_color    text not null,
    salt               bytea,
    digest             bytea not null,
    created_at         timestamptz not null,
    primary key (account_id, id)
);
create index card_moved_created_at on card_moved (account_id, created_at);
