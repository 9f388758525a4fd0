//! The insights page, with made-up figures and before there are any.

use maud::Markup;
use time::Duration;

use super::boards::{board, private_board};
use super::people::SHARP;
use crate::domain::boards::Board;
use crate::domain::users::User;
use crate::tracking::insights::{
    BoardCounts, Boards, CardCounts, Counts, DayCounts, Days, Filter, FirstViews, Hours, Insights,
    Now, People, PersonCounts, Reader, Span, Unopened, UnopenedCard,
};
use crate::values::id::{CardId, UserId};
use crate::values::{Color, Day, Role, Zone, clock};
use crate::views::Page;
use crate::views::insights::{Shown, show};

/// Each page by its name.
pub(super) fn pages(page: &Page) -> Vec<(&'static str, Markup)> {
    let (boards, people) = ([board(), private_board()], [user("Olive Marsh"), user(SHARP)]);
    let span = Span::latest(30, Day::of(clock::now(), &Zone::utc())).expect("a span");
    let (all, empty) = (insights(span, &boards, &people), nothing(span));
    let everything = Filter { span, board: None, person: None };
    let of_board = Filter { board: Some(boards[0].id), ..everything };
    let of_person = Filter { person: Some(people[0].id), ..everything };
    let now = Now {
        people: 2,
        page_views: 5,
        boards: vec![(boards[0].id, boards[0].name.clone(), boards[0].color, 2)],
    };
    let shown =
        Shown { filter: &everything, insights: &all, now: &now, boards: &boards, people: &people };
    let narrowed = Insights { hours: None, ..all.clone() };
    let quiet = Now::default();
    vec![
        ("insights", show(page, &shown)),
        ("insights-board", show(page, &Shown { filter: &of_board, insights: &narrowed, ..shown })),
        (
            "insights-person",
            show(page, &Shown { filter: &of_person, insights: &narrowed, ..shown }),
        ),
        ("insights-empty", show(page, &Shown { insights: &empty, now: &quiet, ..shown })),
    ]
}

fn user(name: &str) -> User {
    User { id: UserId::new(), name: name.to_owned(), role: Role::Member, color: Color::Lake }
}

fn insights(span: Span, boards: &[Board], people: &[User]) -> Insights {
    let counts = |page_views| Counts { page_views, link_clicks: page_views / 7, form_submits: 3 };
    let days = |span: Span| {
        let days = span.each().zip([40, 60, 62, 55, 71, 12, 9].into_iter().cycle());
        days.map(|(day, views)| DayCounts { day, counts: counts(views), visitors: Some(2) })
            .collect()
    };
    let board = |(board, count): (&Board, i64)| BoardCounts {
        id: board.id,
        name: board.name.clone(),
        color: board.color,
        count,
        before: count / 2,
    };
    let person = |(user, views): (&User, i64)| PersonCounts {
        user: user.clone(),
        counts: counts(views),
        days: 9,
        changes: 41,
    };
    let mut hours = Hours([[0; 24]; 7]);
    for (weekday, day) in hours.0.iter_mut().enumerate() {
        for (hour, count) in day.iter_mut().enumerate().skip(7).take(12) {
            *count = i64::try_from((weekday * 5 + hour * 7) % 23).unwrap_or(0);
        }
    }
    let reader = Reader { name: people[0].name.clone(), color: people[0].color };
    let card = CardCounts {
        id: CardId::new(),
        number: 142,
        title: SHARP.to_owned(),
        page_views: 184,
        before: 90,
        readers: vec![reader],
    };
    let forgotten = UnopenedCard {
        number: 7,
        title: SHARP.to_owned(),
        created_at: clock::now() - Duration::days(80),
        last_seen_at: None,
    };
    Insights {
        any: true,
        days: Days {
            now: days(span),
            before: days(span.before()),
            visitors: 6,
            visitors_before: 6,
            members: 7,
        },
        boards: Boards { seen: boards.iter().zip([1_042, 618]).map(board).collect(), others: 12 },
        people: People {
            shown: people.iter().zip([612, 540]).map(person).collect(),
            others: counts(88),
            changes_of_others: 4,
        },
        hours: Some(hours),
        cards: vec![card],
        unopened: Unopened { count: 1, open: 12, cards: vec![forgotten] },
        first_views: FirstViews { changes: 200, seen: 181, median: Some(Duration::minutes(18)) },
    }
}

/// What it is made of before anybody opened a page.
fn nothing(span: Span) -> Insights {
    let day = |day| DayCounts { day, counts: Counts::default(), visitors: Some(0) };
    let days = |span: Span| span.each().map(day).collect();
    Insights {
        any: false,
        days: Days { now: days(span), before: days(span.before()), members: 1, ..Days::default() },
        boards: Boards::default(),
        people: People::default(),
        hours: Some(Hours([[0; 24]; 7])),
        cards: Vec::new(),
        unopened: Unopened::default(),
        first_views: FirstViews::default(),
    }
}
