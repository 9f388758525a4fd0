-- A delivery was wished to be sent again.
create table webhook_delivery_resent (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    number       bigint not null,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_delivery_resent_created_at on webhook_delivery_resent (account_id, created_at);
