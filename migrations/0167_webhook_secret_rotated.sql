-- A webhook endpoint was given a new secret.
create table webhook_secret_rotated (
    account_id     uuid not null,
    id             uuid not null,
    endpoint_id    uuid not null,
    url            text,
    overlap_hours  integer not null,
    salt           bytea,
    digest         bytea not null,
    created_at     timestamptz not null,
    primary key (account_id, id)
);
create index webhook_secret_rotated_created_at on webhook_secret_rotated (account_id, created_at);
