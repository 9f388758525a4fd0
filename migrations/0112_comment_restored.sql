-- A deleted comment stands under its card again.
create table comment_restored (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    comment_id  uuid not null,
    author_id   uuid not null,
    title       text,
    body        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index comment_restored_created_at on comment_restored (account_id, created_at);
