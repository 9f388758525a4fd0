//! An account that was looked at millions of times in the last three months, with all that is counted
//! of it; made once, and again when its last day is not today.

use std::time::Instant;

use cairn::db::{self, embedded::Cluster, partitions};
use cairn::domain::{Actor, sign_ins};
use cairn::events::Log;
use cairn::tracking::{self, EventType, Trackable, TrackableType, Tracker};
use cairn::values::clock;
use cairn::values::id::SignInId;
use futures_util::future::join_all;
use sqlx::{Executor as _, PgPool};
use time::Duration;
use uuid::Uuid;

use super::dataset::{self, SLUG};
use super::people::{self, Browser};

/// How many days it goes back: a little less than reports are kept.
const DAYS: i64 = 88;

const PEOPLE: i64 = 199;

const BOARDS: usize = 40;

const CARDS: i64 = 5_000;

/// How much was changed.
const CHANGES: i64 = 100_000;

/// Events that one statement makes.
const AT_ONCE: i64 = 500_000;

/// Pages that are opened just before they are counted.
const JUST_NOW: usize = 200;

/// The account in its database.
pub(super) struct History {
    pub(super) url: String,
    pub(super) pool: PgPool,
    pub(super) owner: Browser,
    /// The board with the most cards, and somebody who is no owner.
    pub(super) board: Uuid,
    pub(super) person: Uuid,
}

impl History {
    /// The one with so many events; made now, unless an earlier run of today and the same schema did.
    pub(super) async fn of(cluster: &Cluster, events: i64) -> Self {
        let name = format!("tracking_{events}");
        let url = cluster.url(&name);
        if !is_whole(&url).await {
            println!("\nmaking {events} events, once a day");
            let start = Instant::now();
            dataset::make_database(cluster, &name).await;
            make(&url, events).await;
            println!("that took {:.0} s", start.elapsed().as_secs_f64());
        }
        let pool = db::connect(&url, 2).await.expect("the database");
        let account = one(&pool, "select id from accounts").await;
        let owner = people::sign_in_owner(&pool, account).await;
        let board =
            one(&pool, "select board_id from cards group by 1 order by count(*) desc, 1").await;
        let person = one(&pool, "select id from users where role = 'member' order by id").await;
        let history = Self { url, pool, owner, board, person };
        history.open_just_now().await;
        history
    }

    /// Opens pages, which are counted as all others are, so that somebody is there.
    async fn open_just_now(&self) {
        let (tracker, writer) = Tracker::start(db::own(&self.pool));
        let sign_in = SignInId::from(self.owner.sign_in);
        let owner: Actor = sign_ins::resolve(&self.pool, sign_in, SLUG, None)
            .await
            .expect("a database")
            .expect("a member");
        let board = Trackable { kind: TrackableType::Board, id: self.board };
        let view = async |_| {
            let url = "https://cairn.example/northfold";
            let (kind, tracker) = (EventType::PageView, &tracker);
            tracking::track(tracker, &owner, kind, Some(board), url).await.expect("it is stored");
        };
        join_all((0..JUST_NOW).map(view)).await;
        drop(tracker);
        writer.await.expect("it ends");
    }
}

async fn one(pool: &PgPool, query: &str) -> Uuid {
    sqlx::query_scalar(query).fetch_one(pool).await.expect("one")
}

/// Whether a database holds a whole history in the schema of today that ends today.
async fn is_whole(url: &str) -> bool {
    let Ok(pool) = db::connect(url, 1).await else { return false };
    let whole = "select from whole where day = current_date";
    let whole = sqlx::query(whole).fetch_optional(&pool).await.is_ok_and(|row| row.is_some());
    whole && db::migrate(&pool).await.is_ok()
}

async fn make(url: &str, events: i64) {
    let pool = db::connect(url, 2).await.expect("the database");
    dataset::prepare(&pool).await;
    let log = Log::new(pool.clone(), Vec::new());
    let owner = dataset::found(&log).await;
    for number in 1..=BOARDS {
        dataset::board(&log, &owner, number, 1).await;
    }
    people::join(&pool, owner.account.id.uuid(), PEOPLE).await;
    // What is made is numbered in temporary tables, which one connection sees.
    let mut connection = pool.acquire().await.expect("a connection");
    let connection = &mut *connection;
    connection
        .execute("set statement_timeout = 0; set work_mem = '128MB'")
        .await
        .expect("a setting");
    make_partitions(connection).await;
    for statement in [ADD_CARDS, NUMBER_PEOPLE, NUMBER_CARDS, CHANGE] {
        let statement = statement.replace("{cards}", &CARDS.to_string());
        let statement = statement.replace("{changes}", &CHANGES.to_string());
        run(connection, &statement.replace("{days}", &DAYS.to_string())).await;
    }
    for from in (0..events).step_by(AT_ONCE as usize) {
        let until = (from + AT_ONCE).min(events) - 1;
        let statement = EVENTS.replace("{from}", &from.to_string());
        let statement = statement.replace("{until}", &until.to_string());
        let statement = statement.replace("{events}", &events.to_string());
        run(connection, &statement.replace("{days}", &DAYS.to_string())).await;
    }
    for statement in COUNTS {
        run(connection, statement).await;
    }
    run(connection, "vacuum (analyze)").await;
    run(connection, "create table whole as select current_date as day").await;
}

async fn run(connection: &mut sqlx::PgConnection, statement: &str) {
    connection.execute(statement).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
}

async fn make_partitions(connection: &mut sqlx::PgConnection) {
    let today = clock::now().date();
    for day in (0..=DAYS + 1).map(|back| today - Duration::days(back)) {
        let (from, to) = (partitions::first_id(day), partitions::first_id(day + Duration::DAY));
        let (year, month, of_month) = (day.year(), u8::from(day.month()), day.day());
        let name = format!("tracking_events_{year:04}{month:02}{of_month:02}");
        let make = format!(
            "create table if not exists {name} partition of tracking_events
             for values from ('{from}') to ('{to}')"
        );
        run(connection, &make).await;
    }
}

/// More cards like the first one of each board, by turns.
const ADD_CARDS: &str = "insert into cards (account_id, id, number, board_id, column_id, rank, title,
        creator_id, created_at, updated_at)
    select account_id, gen_random_uuid(), 1000 + n, board_id, column_id, rank || to_char(n, 'FM000000'),
        'Write letter ' || n, creator_id, now() - interval '1 day' * (1 + n % 200), now()
    from generate_series(1, {cards}) n
    join (select *, row_number() over (order by number) - 1 as place from cards) c on place = n % 40";

const NUMBER_PEOPLE: &str = "create temporary table numbered_people as
    select row_number() over (order by id) - 1 as place, account_id, id as user_id from users";

const NUMBER_CARDS: &str = "create temporary table numbered_cards as
    select row_number() over (order by number) - 1 as place, id as card_id, board_id from cards";

/// Moves of cards, spread over the days. Nothing asks for what such an event says.
const CHANGE: &str = "with made as (
        insert into activities (account_id, sequence, id, subject_type, creator_id, board_id, card_id,
            source, created_at)
        select h.account_id, h.sequence + n, gen_random_uuid(), 'card_moved', user_id, board_id, card_id,
            'browser', now() - interval '{days} days' * (1 - n::float8 / {changes}) - interval '1 hour'
        from generate_series(1, {changes}) n cross join account_heads h
        join numbered_people p on p.place = (hashint8(n) & 1073741823) % 200
        join numbered_cards c on c.place = (hashint8(n + 7) & 1073741823) % {cards}
        returning sequence
    )
    update account_heads set sequence = sequence + {changes} where exists(select from made)";

/// Of ten events, six are views of cards, two of boards, one is a link of a card, one a form about nothing;
/// few cards are opened most.
const EVENTS: &str = "insert into tracking_events (account_id, id, user_id, event_type, trackable_type,
        trackable_id, board_id, url, occurred_at, day, hour, created_at)
    select account_id, (lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0') || '70008'
            || lpad(to_hex(n), 15, '0'))::uuid, user_id,
        case when kind < 8 then 'page_view' when kind = 8 then 'link_click' else 'form_submit' end,
        case when kind in (6, 7) then 'Board' when kind < 9 then 'Card' end,
        case when kind in (6, 7) then board_id when kind < 9 then card_id end,
        case when kind < 9 then board_id end,
        'https://cairn.example/northfold/boards/' || board_id, at, (at at time zone 'UTC')::date,
        extract(hour from at at time zone 'UTC'), at
    from (
        select n, now() - interval '{days} days' * (1 - n::float8 / {events}) as at,
            (hashint8(n) & 1073741823) % 10 as kind, (hashint8(n + 1) & 1073741823) % 200 as person,
            floor(power((hashint8(n + 2) & 65535) / 65536.0, 2) * 5000) as card
        from generate_series({from}, {until}) n
    ) made
    join numbered_people p on p.place = person
    join numbered_cards c on c.place = card
    order by n";

/// What the program counts as it stores.
const COUNTS: [&str; 7] = [
    "insert into tracking_hours select account_id, day, hour,
        count(*) filter (where event_type = 'page_view'),
        count(*) filter (where event_type = 'link_click'),
        count(*) filter (where event_type = 'form_submit')
     from tracking_events group by 1, 2, 3",
    "insert into tracking_people select account_id, day, user_id,
        count(*) filter (where event_type = 'page_view'),
        count(*) filter (where event_type = 'link_click'),
        count(*) filter (where event_type = 'form_submit')
     from tracking_events group by 1, 2, 3",
    "insert into tracking_boards select account_id, day, board_id,
        count(*) filter (where event_type = 'page_view'),
        count(*) filter (where event_type = 'link_click'),
        count(*) filter (where event_type = 'form_submit')
     from tracking_events where board_id is not null group by 1, 2, 3",
    "insert into tracking_things select account_id, trackable_type, trackable_id, day,
        count(*) filter (where event_type = 'page_view'),
        count(*) filter (where event_type = 'link_click'),
        count(*) filter (where event_type = 'form_submit')
     from tracking_events where trackable_id is not null group by 1, 2, 3, 4",
    "insert into tracking_months select account_id, date_trunc('month', day)::date, trackable_type,
        trackable_id, sum(page_views), sum(link_clicks), sum(form_submits),
        bit_or((page_views > 0)::int << (extract(day from day)::int - 1))
     from tracking_things group by 1, 2, 3, 4",
    "insert into tracking_visits select account_id, date_trunc('month', day)::date, scope.board_id,
        user_id, bit_or(1 << (extract(day from day)::int - 1))
     from tracking_events event cross join lateral (
         values ('00000000-0000-0000-0000-000000000000'::uuid), (event.board_id)) scope (board_id)
     where event_type = 'page_view' and scope.board_id is not null group by 1, 2, 3, 4",
    "insert into receipts select account_id, trackable_type, trackable_id, user_id, min(occurred_at), 0,
        max(occurred_at), 0, count(*)
     from tracking_events where event_type = 'page_view' and trackable_type in ('Board', 'Card')
     group by 1, 2, 3, 4",
];
