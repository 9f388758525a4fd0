-- A bearer token of the API was made; the token itself stands nowhere.
create table token_created (
    account_id  uuid not null,
    id          uuid not null,
    token_id    uuid not null,
    user_id     uuid not null,
    name        text,
    scope       text not null,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index token_created_created_at on token_created (account_id, created_at);
