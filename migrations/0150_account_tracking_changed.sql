-- What the account keeps and shows of what its people open is another.
create table account_tracking_changed (
    account_id     uuid not null,
    id             uuid not null,
    old_receipts   text not null check (old_receipts in ('shown', 'hidden')),
    new_receipts   text not null check (new_receipts in ('shown', 'hidden')),
    old_addresses  text not null check (old_addresses in ('shortened', 'dropped')),
    new_addresses  text not null check (new_addresses in ('shortened', 'dropped')),
    old_days       integer not null,
    new_days       integer not null,
    created_at     timestamptz not null,
    primary key (account_id, id)
);
create index account_tracking_changed_created_at on account_tracking_changed (account_id, created_at);
