-- A board was given another name.
create table board_renamed (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    old_name    text,
    name        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index board_renamed_created_at on board_renamed (account_id, created_at);
