-- Somebody gave a wrong password for a member.
create table session_refused (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index session_refused_created_at on session_refused (account_id, created_at);
