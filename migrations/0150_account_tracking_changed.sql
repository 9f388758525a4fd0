-- What the account keeps and shows of what its people open is another.
create table account_tracking_changed (
    account_id           uuid not null,
    id                   uuid not null,
    old_shows_receipts   boolean not null,
    new_shows_receipts   boolean not null,
    old_keeps_addresses  boolean not null,
    new_keeps_addresses  boolean not null,
    old_days             integer not null,
    new_days             integer not null,
    created_at           timestamptz not null,
    primary key (account_id, id)
);
create index account_tracking_changed_created_at on account_tracking_changed (account_id, created_at);
