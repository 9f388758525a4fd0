-- Webhooks: whom to call, what is owed to them, and each try at it.

-- tenant; a removed endpoint keeps its row, for its log. After a rotation the older secret signs
-- beside the newer one until older_until; keys rotate with it. After the signature was switched, it
-- is made the way before that too until other_until.
create table webhook_endpoints (
    account_id           uuid not null references accounts (id),
    id                   uuid not null,
    url                  text not null,
    format               text not null default 'cairn'
        check (format in ('cairn', 'slack', 'discord', 'teams')),
    sealed_secret        bytea not null,
    older_sealed_secret  bytea,
    older_until          timestamptz,
    signature            text not null default 'hmac' check (signature in ('hmac', 'ed25519')),
    other_until          timestamptz,
    sealed_key           bytea,
    public_key           text,
    older_sealed_key     bytea,
    older_public_key     text,
    sealed_headers       bytea,
    header_names         text[] not null default '{}',
    rate_limit           integer check (rate_limit between 1 and 500),
    creator_id           uuid not null,
    created_at           timestamptz not null,
    removed_at           timestamptz,
    primary key (account_id, id),
    foreign key (account_id, creator_id) references users (account_id, id)
);

-- tenant; names of events, such as card.moved, card.* or *
create table webhook_endpoint_events (
    account_id   uuid not null,
    endpoint_id  uuid not null,
    name         text not null,
    primary key (account_id, endpoint_id, name),
    foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, id)
);

-- tenant; the boards it hears of; none: all
create table webhook_endpoint_boards (
    account_id   uuid not null,
    endpoint_id  uuid not null,
    board_id     uuid not null,
    primary key (account_id, endpoint_id, board_id),
    foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, id),
    foreign key (account_id, board_id) references boards (account_id, id)
);

-- tenant; while one is open, its endpoint is not called and what is owed to it is held, but that one
-- delivery is tried at probe_at. What was owed before skips_before was not wanted when it was ended.
create table webhook_disablements (
    account_id    uuid not null,
    id            uuid not null,
    endpoint_id   uuid not null,
    reason        text not null check (reason in ('failing', 'gone')),
    created_at    timestamptz not null,
    probe_at      timestamptz,
    probes        integer not null default 0,
    ended_at      timestamptz,
    skips_before  timestamptz,
    primary key (account_id, id),
    foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, id)
);
create unique index webhook_disablements_open on webhook_disablements (account_id, endpoint_id)
    where ended_at is null;

-- tenant; while one is open, its endpoint is known to be failing, and its admins were told
create table webhook_failings (
    account_id   uuid not null,
    id           uuid not null,
    endpoint_id  uuid not null,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    primary key (account_id, id),
    foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, id)
);
create unique index webhook_failings_open on webhook_failings (account_id, endpoint_id)
    where ended_at is null;

-- tenant; the tries that failed since one last succeeded; only the recording of tries touches it,
-- and only when it changes: an endpoint that is well costs no update
create table webhook_health (
    account_id     uuid not null,
    endpoint_id    uuid not null,
    failures       integer not null default 0,
    failing_since  timestamptz,
    primary key (account_id, endpoint_id)
) with (fillfactor = 50);

-- tenant; the last number given to a delivery of an endpoint; only recording touches it
create table webhook_counters (
    account_id   uuid not null,
    endpoint_id  uuid not null,
    number       bigint not null,
    primary key (account_id, endpoint_id)
) with (fillfactor = 20);

-- tenant; the bytes of an event as they were when it happened, one set for all endpoints of a format
create table webhook_payloads (
    account_id  uuid not null,
    event_id    uuid not null,
    format      text not null default 'cairn',
    body        bytea not null,
    created_at  timestamptz not null,
    primary key (account_id, event_id, format)
);

-- tenant; a part of the log that is sent to an endpoint again, bit by bit up to until_sequence; or,
-- with delivery_id, one delivery. Its row is locked by whoever owes the next of it.
create table webhook_replays (
    account_id      uuid not null,
    id              uuid not null,
    endpoint_id     uuid not null,
    delivery_id     uuid,
    which           text not null check (which in ('all', 'missing', 'failed')),
    events          text[] not null,
    board_ids       uuid[] not null,
    since           timestamptz,
    until           timestamptz,
    first_sequence  bigint not null,
    after_sequence  bigint not null,
    until_sequence  bigint not null,
    total           bigint not null,
    owed            bigint not null default 0,
    creator_id      uuid not null,
    created_at      timestamptz not null,
    canceled_at     timestamptz,
    ended_at        timestamptz,
    primary key (account_id, id),
    foreign key (account_id, endpoint_id) references webhook_endpoints (account_id, id),
    foreign key (account_id, creator_id) references users (account_id, id)
);
create index webhook_replays_endpoint on webhook_replays (account_id, endpoint_id, id);
create index webhook_replays_open on webhook_replays (created_at) where ended_at is null;
create unique index webhook_replays_one on webhook_replays (account_id, endpoint_id)
    where ended_at is null and delivery_id is null;
create unique index webhook_replays_delivery on webhook_replays (account_id, delivery_id)
    where ended_at is null;

-- tenant; an event owed to an endpoint. While it is being tried, lease_id says by whom, and due_at
-- is when the lease ends. The code, the fault and the message are those of the last try. It may
-- belong to a replay, or send another delivery again.
create table webhook_deliveries (
    account_id     uuid not null,
    id             uuid not null,
    endpoint_id    uuid not null,
    number         bigint not null,
    event_id       uuid not null,
    event          text not null,
    board_id       uuid,
    format         text not null default 'cairn',
    sequence       bigint not null,
    status         text not null check (status in ('pending', 'delivered', 'failed', 'held', 'skipped')),
    attempts       integer not null default 0,
    postponements  integer not null default 0,
    due_at         timestamptz not null,
    lease_id       uuid,
    response_code  integer,
    fault          text,
    error_message  text,
    created_at     timestamptz not null,
    delivered_at   timestamptz,
    replay_id      uuid,
    resent_id      uuid,
    primary key (account_id, id),
    unique (account_id, endpoint_id, number)
) with (fillfactor = 80);
create index webhook_deliveries_created_at on webhook_deliveries (account_id, endpoint_id, created_at);
create index webhook_deliveries_event on webhook_deliveries (account_id, event_id);
create index webhook_deliveries_pending on webhook_deliveries (account_id, endpoint_id, due_at)
    where status = 'pending';
create index webhook_deliveries_replay on webhook_deliveries (account_id, replay_id, status)
    where replay_id is not null;
create index webhook_deliveries_held on webhook_deliveries (account_id, endpoint_id)
    where status = 'held';
-- For the log, which is rarely narrowed to what went well.
create index webhook_deliveries_undelivered on webhook_deliveries (account_id, endpoint_id, number)
    where status <> 'delivered';

-- tenant; each try, by days. The headers are kept a line each, signatures masked; a part of the
-- time that was not needed, or did not end, is null.
create table webhook_attempts (
    account_id               uuid not null,
    id                       uuid not null,
    endpoint_id              uuid not null,
    delivery_id              uuid not null,
    started_at               timestamptz not null,
    milliseconds             integer not null,
    lookup_milliseconds      integer,
    connect_milliseconds     integer,
    tls_milliseconds         integer,
    first_byte_milliseconds  integer,
    address                  text,
    request_headers          text not null default '',
    response_code            integer,
    response_headers         text not null default '',
    response_body            bytea,
    fault                    text check (fault in ('dns', 'connect', 'tls', 'timeout',
        'refused_address', 'redirect', 'status', 'too_large', 'broken', 'secret')),
    error_message            text,
    next_at                  timestamptz,
    primary key (account_id, id)
) partition by range (id);
create index webhook_attempts_delivery on webhook_attempts (account_id, delivery_id, id);

-- local; when an endpoint next wants something, so that one with much waiting costs no more to
-- find than one with little. Whoever holds its row has the turn. For one with a limit full_at is
-- when its bucket of calls is full.
create table webhook_due (
    account_id   uuid not null,
    endpoint_id  uuid not null,
    due_at       timestamptz not null,
    full_at      timestamptz,
    primary key (account_id, endpoint_id)
) with (fillfactor = 50);
create index webhook_due_at on webhook_due (due_at);

-- What a replay sends: the events of a span that the endpoint may hear of now, on some boards or all,
-- all of them, or those of which no delivery arrived or is under way (missing), or of these the ones
-- that were given up (failed).
create function webhook_replayable(
    account uuid, endpoint uuid, kinds text[], boards uuid[], which text, since timestamptz,
    until timestamptz, after bigint, up_to bigint
) returns table (id uuid, sequence bigint, subject_type text) language sql stable as $$
    select a.id, a.sequence, a.subject_type from activities a
    where a.account_id = account and a.sequence > after and a.sequence <= up_to
      and a.subject_type = any(kinds)
      and (since is null or a.created_at >= since) and (until is null or a.created_at < until)
      and (cardinality(boards) = 0 or a.board_id = any(boards))
      and case when exists(select from webhook_endpoint_boards b
                           where b.account_id = account and b.endpoint_id = endpoint)
               then exists(select from webhook_endpoint_boards b where b.account_id = account
                           and b.endpoint_id = endpoint and b.board_id = a.board_id)
               else not exists(select from boards p where p.account_id = account
                               and p.id = a.board_id and p.access = 'chosen') end
      and (which = 'all'
           or not exists(select from webhook_deliveries d
                         where d.account_id = account and d.event_id = a.id
                           and d.endpoint_id = endpoint
                           and d.status in ('delivered', 'pending', 'held'))
              and (which = 'missing'
                   or exists(select from webhook_deliveries d
                             where d.account_id = account and d.event_id = a.id
                               and d.endpoint_id = endpoint and d.status = 'failed')))
$$;
