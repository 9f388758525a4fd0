-- Somebody commented on a card.
create table comment_added (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    comment_id  uuid not null,
    title       text,
    body        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index comment_added_created_at on comment_added (account_id, created_at);
