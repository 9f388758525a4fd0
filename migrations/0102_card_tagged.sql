-- A card was marked with a tag.
create table card_tagged (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    tag_id      uuid not null,
    title       text,
    tag_name    text,
    tag_color   text not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index card_tagged_created_at on card_tagged (account_id, created_at);
