-- The account came to be.
create table account_created (
    account_id  uuid not null,
    id          uuid not null,
    name        text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index account_created_created_at on account_created (account_id, created_at);
