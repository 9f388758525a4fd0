-- Somebody signed in; each account that they belong to has it in its own log.
create table session_started (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    sign_in_id  uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index session_started_created_at on session_started (account_id, created_at);
