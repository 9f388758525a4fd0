-- A replay of a part of the log was canceled before its end.
create table webhook_replay_canceled (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_replay_canceled_created_at on webhook_replay_canceled (account_id, created_at);
