-- The account’s days begin in another time zone.
create table account_time_zone_changed (
    account_id  uuid not null,
    id          uuid not null,
    old_zone    text not null,
    new_zone    text not null,
    created_at  timestamptz not null,
    primary key (account_id, id)
);
create index account_time_zone_changed_created_at on account_time_zone_changed (account_id, created_at);
