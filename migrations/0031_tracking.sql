-- What browsers report, and how much of it there was: a day of reports is a partition, by the time in
-- the id, and goes when it is too old; what was counted stays.

-- tenant; partitioned by id, so that the key that makes a retry harmless is in the partition key. day
-- and hour are those of the account’s time zone in which it is counted, board_id is the board that it
-- is counted for: what is erased is taken from where it was put.
create table tracking_events (
    account_id      uuid not null,
    id              uuid not null,
    user_id         uuid not null,
    event_type      text not null check (event_type in ('page_view', 'link_click', 'form_submit')),
    trackable_type  text,
    trackable_id    uuid,
    board_id        uuid,
    url             text not null,
    address         text,
    occurred_at     timestamptz not null,
    day             date not null,
    hour            smallint not null,
    created_at      timestamptz not null,
    primary key (account_id, id)
) partition by range (id);
create index tracking_events_created_at on tracking_events (account_id, created_at);
-- How soon a change was seen is asked of hundreds of changes at once.
create index tracking_events_first_views on tracking_events (account_id, trackable_id, occurred_at)
    where event_type = 'page_view' and trackable_type = 'Card';

-- tenant; how much was reported in each hour
create table tracking_hours (
    account_id    uuid not null,
    day           date not null,
    hour          smallint not null,
    page_views    bigint not null,
    link_clicks   bigint not null,
    form_submits  bigint not null,
    primary key (account_id, day, hour)
);

-- tenant; how much by whom on each day; the nil id is whoever has had it erased
create table tracking_people (
    account_id    uuid not null,
    day           date not null,
    user_id       uuid not null,
    page_views    bigint not null,
    link_clicks   bigint not null,
    form_submits  bigint not null,
    primary key (account_id, day, user_id)
);

-- tenant; on which days of a month somebody opened a page, a bit each from the first, on a board, its
-- cards or their comments; the nil board is any page at all. So distinct people are counted for any days
create table tracking_visits (
    account_id  uuid not null,
    month       date not null,
    board_id    uuid not null,
    user_id     uuid not null,
    days        integer not null,
    primary key (account_id, board_id, month, user_id)
);

-- tenant; how much on each day on a board, its cards and their comments
create table tracking_boards (
    account_id    uuid not null,
    day           date not null,
    board_id      uuid not null,
    page_views    bigint not null,
    link_clicks   bigint not null,
    form_submits  bigint not null,
    primary key (account_id, day, board_id)
);

-- tenant; how much on each day of each single thing
create table tracking_things (
    account_id      uuid not null,
    trackable_type  text not null,
    trackable_id    uuid not null,
    day             date not null,
    page_views      bigint not null,
    link_clicks     bigint not null,
    form_submits    bigint not null,
    primary key (account_id, trackable_type, trackable_id, day)
);

-- tenant; the same in a month: what is opened most in some days is among what was in their months, and is
-- found from the top without a look at all the others. days are those on which it was opened, a bit each
-- from the first: what never was in some days is what is not found here
create table tracking_months (
    account_id      uuid not null,
    month           date not null,
    trackable_type  text not null,
    trackable_id    uuid not null,
    page_views      bigint not null,
    link_clicks     bigint not null,
    form_submits    bigint not null,
    days            integer not null,
    primary key (account_id, month, trackable_type, trackable_id)
);
create index tracking_months_most on tracking_months (account_id, month, trackable_type, page_views);

-- tenant; how many changes each person made in a stretch of the log, as many activities as all stretches have,
-- once it is full: on a board, or on any for the nil one. The log only grows, so they stay true, and a span of
-- days is its whole stretches and what lies around them
create table tracking_changes (
    account_id  uuid not null,
    board_id    uuid not null,
    stretch     bigint not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    user_ids    uuid[] not null,
    changes     bigint[] not null,
    primary key (account_id, board_id, stretch)
);

-- tenant; who has seen a board or a card, when they opened it first and last, and up to where of the log
-- they have seen it: how far that went then, or what came live while they looked
create table receipts (
    account_id      uuid not null,
    trackable_type  text not null check (trackable_type in ('Board', 'Card')),
    trackable_id    uuid not null,
    user_id         uuid not null,
    first_seen_at   timestamptz not null,
    first_sequence  bigint not null,
    last_seen_at    timestamptz not null,
    sequence        bigint not null,
    page_views      bigint not null,
    primary key (account_id, trackable_type, trackable_id, user_id)
);
-- What one person has seen.
create index receipts_user on receipts (account_id, user_id, trackable_type);
