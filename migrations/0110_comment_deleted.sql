-- A comment was deleted; what it said stands where it was added.
create table comment_deleted (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    comment_id  uuid not null,
    author_id   uuid not null,
    title       text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index comment_deleted_created_at on comment_deleted (account_id, created_at);
