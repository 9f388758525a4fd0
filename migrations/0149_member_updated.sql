-- A member changed their own name or time zone; neither is kept, so that a person can be erased.
create table member_updated (
    account_id  uuid not null,
    id          uuid not null,
    user_id     uuid not null,
    attributes  text[] not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index member_updated_created_at on member_updated (account_id, created_at);
