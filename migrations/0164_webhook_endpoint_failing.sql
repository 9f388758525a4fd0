-- A webhook endpoint stopped answering as it should.
create table webhook_endpoint_failing (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    failures     integer not null,
    since        timestamptz not null,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_endpoint_failing_created_at on webhook_endpoint_failing (account_id, created_at);
