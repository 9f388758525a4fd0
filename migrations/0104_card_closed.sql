-- A card was closed: it is done with, and leaves its column.
create table card_closed (
    account_id    uuid not null,
    id            uuid not null,
    board_id      uuid not null,
    card_id       uuid not null,
    number        bigint not null,
    column_id     uuid not null,
    title         text,
    column_name   text,
    column_color  text not null,
    salt          bytea,
    digest        bytea not null,
    created_at    timestamptz not null,
    primary key (account_id, id)
);
create index card_closed_created_at on card_closed (account_id, created_at);
