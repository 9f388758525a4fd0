-- Somebody became a member.
create table member_joined (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    role        text not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index member_joined_created_at on member_joined (account_id, created_at);
