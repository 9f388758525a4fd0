-- A card left its board for another one, whose own event tells how it came there.
create table card_moved_to_board (
    account_id     uuid not null,
    id             uuid not null,
    board_id       uuid not null,
    card_id        uuid not null,
    number         bigint not null,
    column_id      uuid not null,
    to_board_id    uuid,
    title          text,
    column_name    text,
    column_color   text not null,
    to_board_name  text,
    salt           bytea,
    digest         bytea not null,
    created_at     timestamptz not null,
    primary key (account_id, id)
);
create index card_moved_to_board_created_at on card_moved_to_board (account_id, created_at);
