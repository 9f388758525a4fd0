-- The words of a card changed; what each attribute was and became stands in card_updated_changes.
create table card_updated (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    title       text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index card_updated_created_at on card_updated (account_id, created_at);

create table card_updated_changes (
    account_id  uuid not null,
    event_id    uuid not null,
    attribute   text not null,
    old         text,
    new         text,
    created_at  timestamptz not null,
    primary key (account_id, event_id, attribute)
);
create index card_updated_changes_created_at on card_updated_changes (account_id, created_at);
