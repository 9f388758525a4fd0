-- A bearer token of the API was revoked.
create table token_revoked (
    account_id  uuid not null,
    id          uuid not null,
    token_id    uuid not null,
    user_id     uuid not null,
    name        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index token_revoked_created_at on token_revoked (account_id, created_at);
