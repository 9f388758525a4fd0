-- An invitation was taken back before anybody accepted it.
create table invitation_revoked (
    account_id     uuid not null,
    id             uuid not null,
    invitation_id  uuid not null,
    role           text not null,
    created_at     timestamptz not null,
    primary key (account_id, id)
);
create index invitation_revoked_created_at on invitation_revoked (account_id, created_at);
