-- A card is no longer somebody’s work.
create table card_unassigned (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    card_id     uuid not null,
    number      bigint not null,
    user_id     uuid not null,
    title       text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index card_unassigned_created_at on card_unassigned (account_id, created_at);
