-- A webhook endpoint was added.
create table webhook_endpoint_added (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    events       text[] not null,
    board_ids    uuid[] not null,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_endpoint_added_created_at on webhook_endpoint_added (account_id, created_at);
