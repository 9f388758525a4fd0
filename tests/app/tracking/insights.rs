//! The insights page: its figures are what the reports say, to whom they may be told.

use std::collections::BTreeMap;

use cairn::domain::boards::Sight;
use cairn::domain::{Actor, users};
use cairn::tracking;
use cairn::tracking::insights::{self, Filter, Insights, Span};
use cairn::values::id::BoardId;
use cairn::values::{Day, clock};
use serde_json::json;
use sqlx::PgPool;
use time::Duration;
use time::format_description::well_known::Rfc3339;

use super::{Scene, count, report, view, view_of};
use crate::support::people::Person;

/// What a filter gives to somebody.
async fn read(scene: &Scene, actor: &Actor, filter: &Filter) -> Insights {
    let mut connection = scene.app.pool().acquire().await.expect("a connection");
    let sight = Sight::of(&mut *connection, actor).await.expect("what they see");
    let people = users::shown(&mut *connection, actor).await.expect("who is shown");
    insights::read(&mut connection, actor, &sight, &people, filter).await.expect("the figures")
}

fn everything() -> Filter {
    let today = Day::of(clock::now(), &cairn::values::Zone::parse("UTC").expect("a zone"));
    Filter { span: Span::latest(7, today).expect("a span"), board: None, person: None }
}

async fn has_reported(person: &Person, items: &[serde_json::Value]) {
    report(person, items).await.expect(204);
}

#[tokio::test]
async fn the_figures_are_what_the_reports_say() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    let yesterday = (clock::now() - Duration::DAY).format(&Rfc3339).expect("a time");
    let mut earlier = view_of("Card", scene.card);
    earlier["occurred_at"] = yesterday.into();
    let mut link = view_of("Board", scene.board);
    link["event_type"] = "link_click".into();
    has_reported(olive, &[view(), view_of("Board", scene.board), link]).await;
    has_reported(tomas, &[view_of("Card", scene.card), view_of("Card", scene.card), earlier]).await;

    let found = read(&scene, &olive.actor, &everything()).await;
    let sum = found.days.sum();
    assert_eq!((sum.page_views, sum.link_clicks, sum.form_submits), (5, 1, 0));
    assert_eq!((found.days.visitors, found.days.visitors_before, found.days.members), (2, 0, 2));
    assert_eq!(found.days.now.len(), 7);
    let latest: Vec<i64> = found.days.now[5..].iter().map(|day| day.counts.page_views).collect();
    assert_eq!(latest, [1, 4]);
    assert_eq!(found.boards.seen.iter().map(|board| board.count).collect::<Vec<_>>(), [4]);
    let people = found.people.shown.iter();
    let people: Vec<_> = people
        .map(|it| (it.user.name.as_str(), it.counts.page_views, it.days, it.changes > 0))
        .collect();
    assert_eq!(people, [("Tomas Lindqvist", 3, 2, true), ("Olive Marsh", 2, 1, true)]);
    let hours = found.hours.expect("hours of everybody");
    assert_eq!(hours.0.iter().flatten().sum::<i64>(), 5);
    let cards: Vec<_> = found.cards.iter().map(|card| (card.number, card.page_views)).collect();
    assert_eq!(cards, [(scene.number, 3)]);
    assert_eq!(found.cards[0].readers[0].name, "Tomas Lindqvist");
    assert_eq!((found.unopened.open, found.unopened.count), (1, 0));
    assert_eq!((found.first_views.changes, found.first_views.seen), (1, 1));

    let board = Filter { board: Some(scene.board), ..everything() };
    let found = read(&scene, &olive.actor, &board).await;
    assert_eq!((found.days.sum().page_views, found.days.visitors), (4, 2));
    assert!(found.hours.is_none());
    let person = Filter { person: Some(tomas.actor.user_id), ..everything() };
    let found = read(&scene, &olive.actor, &person).await;
    assert_eq!((found.days.sum().page_views, found.days.visitors), (3, 1));
    assert_eq!(found.boards.seen[0].count, 2, "days on which he was there");
    scene.app.finish().await;
}

#[tokio::test]
async fn cards_that_nobody_opened_are_told_and_closed_ones_are_not() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let stale = olive.add_card(scene.board, scene.column, "Find a stamp").await;
    let closed = olive.add_card(scene.board, scene.column, "Done long ago").await;
    olive.post(&format!("cards/{closed}/closure"), &[]).await.expect(303);
    has_reported(olive, &[view_of("Card", scene.card)]).await;
    let unopened = read(&scene, &olive.actor, &everything()).await.unopened;
    assert_eq!((unopened.open, unopened.count), (2, 1));
    assert_eq!(unopened.cards[0].number, stale);
    assert!(unopened.cards[0].last_seen_at.is_none());
    scene.app.finish().await;
}

#[tokio::test]
async fn many_cards_are_ranked_as_a_recount_ranks_them() {
    let scene = Scene::set().await;
    let account = scene.olive().actor.account.id.uuid();
    // Of three hundred cards each was read on one of the last sixty days, as often as its number says
    // in some other order: those of the span are not those that were read most in its months.
    let counted = "with made as (
            insert into cards (account_id, id, board_id, column_id, number, title, rank, creator_id, version, created_at, updated_at)
            select account_id, gen_random_uuid(), board_id, column_id, number + n, 'Card ' || n, rank || n, creator_id, version, created_at, updated_at
            from cards, generate_series(1, 300) n where account_id = $1 returning id, number
        ), read as (
            select id, (now() at time zone 'utc')::date - (number % 60)::int as day, (number * 37) % 311 + 1 as views from made
        ), months as (
            insert into tracking_months (account_id, month, trackable_type, trackable_id, page_views, link_clicks, form_submits, days)
            select $1, date_trunc('month', day)::date, 'Card', id, views, 0, 0, 1 << (extract(day from day)::int - 1) from read
        )
        insert into tracking_things (account_id, trackable_type, trackable_id, day, page_views, link_clicks, form_submits)
        select $1, 'Card', id, day, views, 0, 0 from read";
    sqlx::query(counted).bind(account).execute(scene.app.pool()).await.expect("many cards");
    let ranked = "select array_agg(views order by views desc) from (
            select sum(page_views)::bigint as views from tracking_things
            where day > (now() at time zone 'utc')::date - 7 group by trackable_id order by 1 desc limit 10) most";
    let expected: Vec<i64> =
        sqlx::query_scalar(ranked).fetch_one(scene.app.pool()).await.expect("a recount");
    let found = read(&scene, &scene.olive().actor, &everything()).await;
    let views: Vec<i64> = found.cards.iter().map(|card| card.page_views).collect();
    assert_eq!(views, expected);
    scene.app.finish().await;
}

#[tokio::test]
async fn changes_are_what_a_recount_of_the_log_says() {
    let scene = Scene::set().await;
    let (olive, pool) = (scene.olive(), scene.app.pool());
    let other = olive.create_board("Autumn catalogue").await;
    // Ten thousand moves in the last ten days, by two people, and by nobody, on two boards and on none.
    let made = "with made as (
            insert into activities (account_id, sequence, id, subject_type, creator_id, board_id, source, created_at)
            select account_id, sequence + n, gen_random_uuid(), 'card_moved', ($2::uuid[])[n % 5], ($3::uuid[])[n % 4],
                'browser', now() - interval '10 days' * (1 - n / 10000.0)
            from account_heads cross join generate_series(1, 10000) n where account_id = $1
            returning sequence
        )
        update account_heads set sequence = (select max(sequence) from made) where account_id = $1";
    let people = [&olive.actor, &scene.tomas.actor].map(|actor| actor.user_id.uuid());
    let boards = [scene.board, other].map(|board| board.uuid());
    let made = sqlx::query(made).bind(olive.actor.account.id.uuid());
    made.bind(people).bind(boards).execute(pool).await.expect("a log");
    let today = everything().span.last;
    let spans = [(0, 0), (-2, -1), (-5, -3), (-8, 0), (-20, 0)]
        .map(|(first, last)| Span { first: today.plus(first), last: today.plus(last) });
    for is_counted in [false, true] {
        if is_counted {
            tracking::changes::count(pool).await.expect("it is counted");
            assert_eq!(count(pool, "select count(*) from tracking_changes").await, 2 * 3);
        }
        for span in spans {
            for board in [None, Some(scene.board), Some(other)] {
                let filter = Filter { span, board, person: None };
                let found = read(&scene, &olive.actor, &filter).await.people;
                let said = found.shown.iter().map(|it| (it.user.name.clone(), it.changes));
                let said: BTreeMap<String, i64> =
                    said.filter(|(_, changes)| *changes > 0).collect();
                assert_eq!(said, recounted(pool, &filter).await, "{filter:?}");
                assert_eq!(found.changes_of_others, 0);
            }
        }
    }
    scene.app.finish().await;
}

/// How many changes each person made, as the log has them.
async fn recounted(pool: &PgPool, filter: &Filter) -> BTreeMap<String, i64> {
    let query = "select u.name, count(*) from activities a join users u on u.id = a.creator_id
                 where (a.created_at at time zone 'utc')::date between $1 and $2
                   and ($3::uuid is null or a.board_id = $3) group by 1";
    let query = sqlx::query_as(query).bind(filter.span.first.date()).bind(filter.span.last.date());
    let rows: Vec<(String, i64)> =
        query.bind(filter.board.map(BoardId::uuid)).fetch_all(pool).await.expect("a recount");
    rows.into_iter().collect()
}

#[tokio::test]
async fn what_somebody_keeps_to_themselves_is_told_of_nobody() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    has_reported(tomas, &[view_of("Card", scene.card)]).await;
    let hidden = "update users set tracked = 'hidden' where id = $1";
    let hidden = sqlx::query(hidden).bind(tomas.actor.user_id.uuid());
    hidden.execute(scene.app.pool()).await.expect("his choice");
    let found = read(&scene, &olive.actor, &everything()).await;
    assert!(found.people.shown.iter().all(|person| person.user.name != "Tomas Lindqvist"));
    assert_eq!(found.people.others.page_views, 1, "it is counted all the same");
    assert!(found.cards[0].readers.is_empty());
    let page = olive.get(&format!("insights?person_id={}", tomas.actor.user_id)).await;
    page.expect(404);
    scene.app.finish().await;
}

#[tokio::test]
async fn a_private_board_is_named_to_those_who_see_it() {
    let scene = Scene::set().await;
    let (olive, tomas) = (scene.olive(), &scene.tomas);
    has_reported(olive, &[view_of("Card", scene.card)]).await;
    let everyone = format!("boards/{}/accesses/everyone", scene.board);
    olive.delete(&everyone).await.expect(303);
    olive.patch(&tomas.place(), &[("role", "admin")]).await.expect(303);
    let page = tomas.get("insights").await.expect(200);
    assert!(!page.body.contains("Spring catalogue") && !page.body.contains("Write the letter"));
    assert!(page.body.contains("1 more on boards that you don’t see"), "{}", page.body);
    tomas.get(&format!("insights?board_id={}", scene.board)).await.expect(404);
    let own = olive.get(&format!("insights?board_id={}", scene.board)).await.expect(200);
    assert!(own.body.contains("Spring catalogue") && own.body.contains("Write the letter"));
    scene.app.finish().await;
}

#[tokio::test]
async fn members_do_not_see_it_and_what_cannot_be_asked_for_is_said() {
    let scene = Scene::set().await;
    for path in ["insights", "insights/now", "insights/csv"] {
        scene.tomas.get(path).await.expect(403);
        scene.olive().get(path).await.expect(200);
    }
    let page = scene.olive().get("insights").await.expect(200);
    assert!(page.body.contains("Nothing was opened yet"), "there are figures of nothing");
    for query in [
        "days=0",
        "days=many",
        "days=367",
        "since=2026-02-02&until=2026-02-01",
        "since=2999-01-01",
        "since=yesterday",
        "board_id=none",
        "table=none",
    ] {
        let answer = scene.olive().get(&format!("insights/csv?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {answer:?}");
    }
    scene.app.finish().await;
}

#[tokio::test]
async fn each_table_is_had_as_a_file() {
    let scene = Scene::set().await;
    let olive = scene.olive();
    let title = [("title", "=HYPERLINK(\"x\"), \"quoted\"")];
    olive.patch(&format!("cards/{}", scene.number), &title).await.expect(303);
    has_reported(
        olive,
        &[
            view_of("Card", scene.card),
            json!({
                "event_type": "form_submit", "url": "https://cairn.example/northfold",
            }),
        ],
    )
    .await;
    for (table, header, line) in [
        ("days", "day,visitors,page_views,link_clicks,form_submits", ",1,1,0,1"),
        ("boards", "board_id,name,count,count_before", ",Spring catalogue,1,0"),
        (
            "people",
            "person_id,name,page_views,link_clicks,form_submits,days,changes",
            ",Olive Marsh,1,0,1,1,",
        ),
        ("hours", "weekday,hour,page_views", ",1"),
        (
            "cards",
            "card_number,title,page_views,page_views_before",
            "\"'=HYPERLINK(\"\"x\"\"), \"\"quoted\"\"\",1,0",
        ),
        ("unopened", "card_number,title,created_at,last_seen_at", ""),
    ] {
        let file = olive.get(&format!("insights/csv?table={table}")).await.expect(200);
        let mut lines = file.body.lines();
        assert_eq!(lines.next(), Some(header), "{table}");
        assert!(file.body.contains(line), "{table}: {}", file.body);
        assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    }
    scene.app.finish().await;
}
