-- A card came to a board from another one, with all that it carries.
create table card_moved_from_board (
    account_id       uuid not null,
    id               uuid not null,
    board_id         uuid not null,
    card_id          uuid not null,
    number           bigint not null,
    column_id        uuid not null,
    rank             text collate "C" not null,
    from_board_id    uuid,
    title            text,
    column_name      text,
    column_color     text not null,
    from_board_name  text,
    description      text,
    assignee_ids     uuid[] not null,
    tag_ids          uuid[] not null,
    comments         bigint not null,
    salt             bytea,
    digest           bytea not null,
    created_at       timestamptz not null,
    primary key (account_id, id)
);
create index card_moved_from_board_created_at on card_moved_from_board (account_id, created_at);
