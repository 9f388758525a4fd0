-- tenant; up to where somebody has read the feed of their account
create table feed_readings (
    account_id  uuid not null,
    user_id     uuid not null,
    sequence    bigint not null,
    updated_at  timestamptz not null,
    primary key (account_id, user_id),
    foreign key (account_id, user_id) references users (account_id, id)
);
