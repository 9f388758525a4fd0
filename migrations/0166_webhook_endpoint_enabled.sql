-- A webhook endpoint was switched on again, and is sent what was held.
create table webhook_endpoint_enabled (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_endpoint_enabled_created_at on webhook_endpoint_enabled (account_id, created_at);
