-- Somebody is a member no more: they were removed, or left.
create table member_removed (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    departure   text not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index member_removed_created_at on member_removed (account_id, created_at);
