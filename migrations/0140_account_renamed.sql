-- The account was given another name.
create table account_renamed (
    account_id  uuid not null,
    id          uuid not null,
    old_name    text,
    new_name    text,
    salt        bytea,
    digest      bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index account_renamed_created_at on account_renamed (account_id, created_at);
