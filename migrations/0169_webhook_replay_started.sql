-- A replay of a part of the log to a webhook endpoint was started.
create table webhook_replay_started (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    url          text,
    since        timestamptz,
    until        timestamptz,
    which        text not null,
    events       text[] not null,
    board_ids    uuid[] not null,
    total        bigint not null,
    salt         bytea,
    digest       bytea not null,
    created_at   timestamptz not null,
    primary key (account_id, id)
);
create index webhook_replay_started_created_at on webhook_replay_started (account_id, created_at);
