-- A webhook endpoint was switched off, and what is owed to it is held.
create table webhook_endpoint_disabled (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    reason       text not null,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_endpoint_disabled_created_at on webhook_endpoint_disabled (account_id, created_at);
