-- What browsers report. A day is a partition, by the time in the id, and goes when it is too old.

-- tenant; partitioned by id, so that the key that makes a retry harmless is in the partition key
create table tracking_events (
    account_id      uuid not null,
    id              uuid not null,
    user_id         uuid not null,
    event_type      text not null check (event_type in ('page_view', 'link_click', 'form_submit')),
    trackable_type  text,
    trackable_id    uuid,
    url             text not null,
    occurred_at     timestamptz not null,
    created_at      timestamptz not null,
    primary key (account_id, id)
) partition by range (id);
create index tracking_events_created_at on tracking_events (account_id, created_at);

-- tenant; how much was reported on each day of the account's time zone
create table tracking_days (
    account_id  uuid not null,
    day         date not null,
    event_type  text not null,
    events      bigint not null,
    primary key (account_id, day, event_type)
);
