-- A board was closed to somebody, or to everyone who was not chosen.
create table board_access_revoked (
    account_id  uuid not null,
    id          uuid not null,
    board_id    uuid not null,
    name        text,
    user_id     uuid,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index board_access_revoked_created_at on board_access_revoked (account_id, created_at);
