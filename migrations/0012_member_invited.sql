-- Somebody was invited; the address stands in the invitation alone.
create table member_invited (
    account_id     uuid not null,
    id             uuid not null,
    invitation_id  uuid not null,
    role           text not null,
    created_at     timestamptz not null,
    primary key (account_id, id)
);
create index member_invited_created_at on member_invited (account_id, created_at);
