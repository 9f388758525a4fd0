-- A member was given another role.
create table member_role_changed (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    old_role    text not null,
    new_role    text not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index member_role_changed_created_at on member_role_changed (account_id, created_at);
