-- Somebody edited what they had said about a card.
create table comment_edited (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    comment_id  uuid not null,
    title       text,
    body        text,
    old_body    text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index comment_edited_created_at on comment_edited (account_id, created_at);
