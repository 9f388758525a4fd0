-- A deleted card stands on a board again, with what hung on it.
create table card_restored (
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
    assignee_ids  uuid[] not null,
    tag_ids       uuid[] not null,
    comment_ids   uuid[] not null,
    closer_id     uuid,
    closed_at     timestamptz,
    salt          bytea,
    digest        bytea not null,
    created_at    timestamptz not null,
    primary key (account_id, id)
);
create index card_restored_created_at on card_restored (account_id, created_at);
