-- A closed card was opened again, at the end of its column.
create table card_reopened (
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
    salt          bytea,
    digest        bytea not null,
    created_at    timestamptz not null,
    primary key (account_id, id)
);
create index card_reopened_created_at on card_reopened (account_id, created_at);
