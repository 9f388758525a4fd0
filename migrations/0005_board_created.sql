-- A board was made, with its name as it was and who was to see it.
create table board_created (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    name        text,
    color       text not null,
    access      text not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index board_created_created_at on board_created (account_id, created_at);
