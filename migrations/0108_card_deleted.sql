-- A card was deleted with all that hung on it; what it was stands here.
create table card_deleted (
    account_id    uuid not null,
    id            uuid not null,
    board_id      uuid not null,
    card_id       uuid not null,
    number        bigint not null,
    column_id     uuid not null,
    rank          text collate "C" not null,
    title         text,
    column_name   text,
    column_color  text not null,
    description   text,
    watcher_ids   uuid[] not null,
    salt          bytea,
    digest        bytea not null,
    created_at    timestamptz not null,
    primary key (account_id, id)
);
create index card_deleted_created_at on card_deleted (account_id, created_at);
-- Whoever asks for a card by its number is told that it is gone.
create index card_deleted_number on card_deleted (account_id, number);
