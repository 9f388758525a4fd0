-- A webhook endpoint changed; what each attribute was and became stands in
-- webhook_endpoint_changed_changes.
create table webhook_endpoint_changed (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_endpoint_changed_created_at on webhook_endpoint_changed (account_id, created_at);

create table webhook_endpoint_changed_changes (
    account_id  uuid not null,
    event_id    uuid not null,
    attribute   text not null,
    old         text,
    new         text,
    created_at  timestamptz not null,
    primary key (account_id, event_id, attribute)
);
create index webhook_endpoint_changed_changes_created_at
    on webhook_endpoint_changed_changes (account_id, created_at);
