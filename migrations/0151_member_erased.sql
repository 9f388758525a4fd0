-- What was kept of somebody who was a member is erased.
create table member_erased (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index member_erased_created_at on member_erased (account_id, created_at);
