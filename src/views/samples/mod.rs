//! Every page with made-up data: what holds for all of them is tested here, and with `CAIRN_LOOK`
//! set to a folder they are written there to be looked at.

mod boards;
mod cards;
mod endpoints;
mod histories;
mod insights;
mod people;
mod restorations;

use std::collections::HashSet;
use std::sync::Arc;

use maud::Markup;
use time::Duration;

use self::boards::{board, board_view, private_board};
use self::cards::{SHARP, card, closed, comments, marks, people, tags};
use super::activities::{FeedPage, Of};
use super::outbox::Delivery;
use super::password_links::Way;
use super::search::Searched;
use super::{Form, Page, assets, cards::CardPage};
use super::{boards::edit::Settings as BoardSettings, columns::edit::Settings as ColumnSettings};
use crate::domain::boards::{Board, BoardSummary, BoardView};
use crate::domain::cards::{Card, Deleted};
use crate::domain::columns::Column;
use crate::domain::feed::{Feed, Filter, Gone};
use crate::domain::search::Found;
use crate::domain::users::User;
use crate::domain::{Access, Account, Actor, FieldError};
use crate::events::history::Activity;
use crate::events::{Event, Header, KINDS, Source};
use crate::mail::{Attachment, Entry, State};
use crate::notifications::off::About;
use crate::tracking::receipts::{Own, Reader, Seen};
use crate::values::id::{AccountId, EventId, LetterId, SignInId, UserId};
use crate::values::{Color, Role, SearchQuery, Slug, Tracked, TrackingDays, Zone, clock};
use crate::webhooks::Endpoint;
use crate::webhooks::backlog::Standing;
use crate::webhooks::endpoints::DryRun;

fn page() -> Page {
    let account = Account {
        id: AccountId::new(),
        slug: Slug::parse("northfold").expect("a slug"),
        name: "Northfold".to_owned(),
        zone: Zone::utc(),
        shows_receipts: true,
        keeps_addresses: false,
        tracking_days: TrackingDays::default(),
    };
    let viewer = Actor {
        account,
        user_id: UserId::new(),
        name: "Olive Marsh".to_owned(),
        color: Color::Moss,
        role: Role::Owner,
        zone: Zone::utc(),
        tracked: Tracked::Shown,
        access: Access::SignIn(SignInId::new()),
        address: None,
    };
    Page {
        viewer: Some(viewer),
        csrf_token: "a-token".to_owned(),
        nonce: "a-nonce".to_owned(),
        streams: vec!["first".to_owned(), "second".to_owned()],
        flash: None,
        unread: 3,
        present: Vec::new(),
        receipts: Some(Own::default()),
    }
}

fn seen() -> Seen {
    let readers = [("Olive Marsh", 9_999), ("Tomas Lindqvist", 0)].map(|(name, sequence)| {
        let name = name.to_owned();
        let user = User { id: UserId::new(), name, role: Role::Member, color: Color::Lake };
        Reader { user, sequence }
    });
    Seen { readers: readers.into(), own: Some(1) }
}

fn letters() -> Vec<Entry> {
    let refused = State::GivenUp { at: clock::now(), why: "550 No such user".to_owned() };
    let letter = |state, text| Entry {
        id: LetterId::new(),
        email: "tomas@northfold.example".to_owned(),
        subject: "Olive Marsh invited you to Northfold".to_owned(),
        created_at: clock::now(),
        state,
        text,
        attachment: Some(Attachment { name: SHARP.to_owned(), json: SHARP.to_owned() }),
    };
    vec![letter(State::Waiting, Some(SHARP.to_owned())), letter(refused, None)]
}

fn gone(card: &Card, page: &Page) -> Deleted {
    let account = page.viewer.as_ref().expect("somebody looks").account.id;
    let deletion = activity((KINDS[0].example)(), UserId::new(), account, 7, 3);
    Deleted { id: card.id, number: card.number, title: SHARP.to_owned(), deletion }
}

fn feed(page: &Page) -> Feed {
    let viewer = page.viewer.as_ref().expect("somebody looks");
    let other = UserId::new();
    let people = [(viewer.user_id, viewer.name.clone()), (other, "Tomas Lindqvist".to_owned())];
    let activities = (0i32..).zip(KINDS.iter().rev()).map(|(at, kind)| {
        let event = (kind.example)();
        let creator = if at % 3 == 0 { viewer.user_id } else { other };
        activity(event, creator, viewer.account.id, i64::from(90 - at), at * at * 130)
    });
    let activities = activities.collect();
    let gone = Gone { cards: [142].into(), ..Gone::default() };
    Feed { activities, people: people.into_iter().collect(), gone, next: Some(80) }
}

fn activity(
    event: Arc<dyn Event>,
    creator: UserId,
    account: AccountId,
    sequence: i64,
    minutes_ago: i32,
) -> Activity {
    let place = event.place();
    let header = Header {
        account_id: account,
        id: EventId::new(),
        creator_id: Some(creator),
        board_id: place.board,
        card_id: place.card.map(|(id, _)| id),
        cause_id: None,
        undoes_id: None,
        source: Source::Browser,
        token_id: None,
        address_id: None,
        created_at: clock::now() - Duration::minutes(i64::from(minutes_ago)),
    };
    Activity::new(sequence, header, event)
}

fn samples() -> Vec<(&'static str, Markup)> {
    let page = page();
    let nobody = Page { viewer: None, ..page.clone() };
    let view = board_view();
    let columns: Vec<Column> = view.columns.iter().map(|(column, _)| column.clone()).collect();
    let card = card(view.board.id, columns[1].id);
    let (feed, comments, blank) = (feed(&page), comments(card.id), Form::default());
    let seen = &seen();
    let shown = CardPage {
        seen: Some(seen),
        card: &card,
        board: &view.board,
        columns: &columns,
        marks: &marks(),
        candidates: &people(3),
        tags: &tags(3),
        comments: &comments,
        feed: &feed,
        form: &blank,
    };
    let is_closed = CardPage { marks: &closed(), ..shown };
    let said = &comments[0];
    let wrong = Form::default().with("email", SHARP).refused(vec![FieldError {
        field: "password",
        message: "That e-mail and password do not go together.".to_owned(),
    }]);
    let summary = |board| BoardSummary { board, columns: 4, cards: 12, changed: None };
    let boards = [
        summary(view.board.clone()),
        summary(Board { name: "Website".to_owned(), color: Color::Lake, ..private_board() }),
        summary(Board { name: "Autumn".to_owned(), archived_at: Some(clock::now()), ..board() }),
    ];
    let user = |name: &str, color| User {
        id: UserId::new(),
        name: name.to_owned(),
        role: Role::Owner,
        color,
    };
    let users = [user("Olive Marsh", Color::Moss), user("Tomas Lindqvist", Color::Lake)];
    let archived = Board { archived_at: Some(clock::now()), ..private_board() };
    let archived = BoardView { board: archived, ..view.clone() };
    let private = private_board();
    let (chosen, members, form) = (&users[..1], &users[..], &wrong);
    let board_settings = BoardSettings { board: &private, chosen, members, form };
    let (board_of, column, cards) = (&view.board, &columns[1], 2);
    let column_settings =
        ColumnSettings { board: board_of, columns: &columns, column, cards, form };
    let empty = BoardView { board: board(), columns: Vec::new() };
    let chosen = Filter { kinds: vec!["card.*".to_owned()], ..Filter::default() };
    let all = Filter::default();
    let people = [users[0].clone()];
    let slug = &page.viewer.as_ref().expect("somebody looks").account.slug;
    let lines = super::activities::lines(slug, &feed);
    let trail = |of, filter| FeedPage {
        of,
        filter,
        boards: std::slice::from_ref(&view.board),
        people: &people,
        lines: &lines,
        before: None,
        seen: Some(87),
    };
    let nothing =
        Feed { activities: Vec::new(), people: [].into(), gone: Gone::default(), next: None };
    let notices = [super::notifications::Notice {
        title: format!("142 {}", card.title),
        path: super::paths::card(slug, 142),
        trackable: Some(("Card", card.id.uuid())),
        sentence: "Tomas Lindqvist moved Write the letter from To do to Doing".to_owned(),
        at: clock::now(),
        unread: true,
    }];
    let endpoint = Endpoint::example();
    let filled = super::webhooks::filled(&endpoint);
    let mut pages = people::pages(&page, &wrong);
    pages.extend([
        ("sign-in", super::sessions::new(&nobody, &wrong, None, Some("/session/demo?code=x"))),
        ("setup", super::setup::new(&nobody, &blank)),
        (
            "password",
            super::password_links::show(&nobody, "olive@northfold.example", "token", &blank),
        ),
        ("welcome", super::boards::index(&page, &[])),
        ("boards", super::boards::index(&page, &boards)),
        ("board-new", super::boards::new(&page, &blank)),
        ("board", super::boards::show(&page, &view, &feed, Some(seen), &blank)),
        ("board-archived", super::boards::show(&page, &archived, &feed, None, &blank)),
        ("board-edit", super::boards::edit::show(&page, &board_settings)),
        ("column-edit", super::columns::edit::show(&page, &column_settings)),
        ("board-empty", super::boards::show(&page, &empty, &nothing, None, &blank)),
        ("card", super::cards::show(&page, &shown)),
        ("card-closed", super::cards::show(&page, &is_closed)),
        ("card-gone", super::deletions::gone(&page, &gone(&card, &page), SHARP)),
        ("card-delete", super::deletions::new(&page, &card, 2)),
        ("card-board", super::board_moves::new(&page, &card, &boards, &blank)),
        (
            "closed",
            super::closures::index(&page, &view.board, &[(card.clone(), closed())], Some(card.id)),
        ),
        ("comment-edit", super::comments::edit(&page, &card, said, &super::comments::filled(said))),
        ("comment-conflict", super::comments::conflict(&page, &card, said, &wrong)),
        ("card-edit", super::cards::edit(&page, &card, &super::cards::filled(&card))),
        (
            "card-conflict",
            super::cards::conflict(&page, &card, &super::cards::filled(&card).with("title", SHARP)),
        ),
        ("activity", super::activities::show(&page, &trail(Of::Account, &all))),
        ("activity-board", super::activities::show(&page, &trail(Of::Board(&view.board), &chosen))),
        ("activity-person", super::activities::show(&page, &trail(Of::Person(&users[0]), &chosen))),
        (
            "webhooks",
            super::webhooks::index(
                &page,
                (&[Endpoint::example()], &Standing::example()),
                std::slice::from_ref(&view.board),
                &blank,
                Some(&DryRun::example()),
            ),
        ),
        ("endpoint-edit", super::webhooks::edit(&page, &endpoint, &[], &filled, None)),
        ("search", super::search::show(&page, &blank, None)),
        ("search-found", found(&page)),
        ("notices", super::notifications::show(&page, &notices)),
        ("forgotten", super::password_links::new(&nobody, Way::Letter, &wrong)),
        ("outbox", super::outbox::index(&page, Delivery::Kept, &letters())),
        ("unsubscription", super::unsubscriptions::new(&nobody, About::Heads)),
        ("docs", super::docs::show(&page)),
        ("receivers", super::receivers::show(&page)),
        ("event-catalogue", super::event_catalogue::show(&page)),
        ("api-docs", super::api_docs::show(&page, "https://cairn.example", &[])),
        (
            "error",
            super::errors::show(
                &nobody,
                "Not found",
                "There is nothing here, or nothing that you may see.",
                &["kept".to_owned()],
            ),
        ),
    ]);
    pages.extend(endpoints::pages(&page, &feed));
    pages.extend(insights::pages(&page));
    pages.extend(histories::pages(&page, &feed));
    let columns = (&view.board, columns.as_slice());
    pages.extend(restorations::pages(&page, &feed, columns, &card, said));
    pages
}

/// What a search for a word finds, with something sharp in it.
fn found(page: &Page) -> Markup {
    let query = SearchQuery::parse("letter").expect("a query");
    let found = Found::example(&query, SHARP);
    let form = Form::default().with("q", query.as_str());
    super::search::show(
        page,
        &form,
        Some(Searched { query: &query, found: &found, is_first: false }),
    )
}

/// The values of an attribute in some HTML.
fn values(html: &str, attribute: &str) -> Vec<String> {
    let start = format!(" {attribute}=\"");
    let rest = html.split(&start).skip(1);
    rest.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[test]
fn no_page_has_a_style_an_inline_script_or_an_id_twice() {
    for (name, markup) in samples() {
        let html = markup.into_string();
        assert!(!html.contains(" style="), "{name} has a style attribute");
        assert_eq!(html.matches("<script").count(), 1, "{name} has a script besides the bundle");
        let ids = values(&html, "id");
        let mut seen = HashSet::new();
        for id in &ids {
            assert!(seen.insert(id), "{name}: the id {id} stands twice");
        }
        for attribute in ["for", "aria-labelledby", "aria-describedby"] {
            for target in values(&html, attribute).iter().flat_map(|ids| ids.split(' ')) {
                assert!(
                    seen.contains(&target.to_owned()),
                    "{name}: {attribute} names {target}, which is not there"
                );
            }
        }
    }
}

#[test]
fn every_form_that_writes_carries_the_token() {
    for (name, markup) in samples() {
        let html = markup.into_string();
        let forms = html.matches("method=\"post\"").count();
        let tokens = html.matches("name=\"authenticity_token\" value=\"a-token\"").count();
        assert_eq!(forms, tokens, "{name}");
    }
}

#[test]
fn streams_find_their_targets_on_the_pages() {
    let page = page();
    let slug = &page.viewer.as_ref().expect("somebody looks").account.slug;
    let view = board_view();
    let html = super::boards::show(&page, &view, &feed(&page), Some(&seen()), &Form::default())
        .into_string();
    let ids: HashSet<String> = values(&html, "id").into_iter().collect();
    let (column, faces) = &view.columns[0];
    let streams = [
        super::stream::board_head(slug, &view.board),
        super::stream::board_columns(slug, &view.board, &view.columns),
        super::stream::column(slug, column, faces),
        super::stream::card(slug, &faces[0]),
        super::stream::activity(slug, &feed(&page).activities[0], &[].into(), &Gone::default()),
        super::stream::notice_count(2),
        super::stream::readers(&seen().readers),
        super::stream::some_readers(&seen().readers.iter().collect::<Vec<_>>()),
    ];
    for stream in streams {
        for target in values(&stream.into_string(), "target") {
            assert!(ids.contains(&target), "no {target} on the page");
        }
    }
}

#[test]
fn a_fragment_is_what_the_page_shows_but_for_the_token() {
    let page = page();
    let slug = &page.viewer.as_ref().expect("somebody looks").account.slug;
    let view = board_view();
    let whole = super::columns::all(slug, "a-token", &view.board, &view.columns, &Form::default());
    let neutral = super::columns::all(slug, "", &view.board, &view.columns, &Form::default());
    assert_eq!(whole.into_string().replace("a-token", ""), neutral.into_string());
}

#[test]
fn the_pages_can_be_looked_at() {
    let Ok(folder) = std::env::var("CAIRN_LOOK") else { return };
    std::fs::create_dir_all(format!("{folder}/assets")).expect("a folder to write to");
    for (name, markup) in samples() {
        std::fs::write(format!("{folder}/{name}.html"), markup.into_string())
            .expect("a page is written");
    }
    for asset in assets::Asset::ALL {
        std::fs::write(format!("{folder}/assets/{}", asset.name), asset.bytes)
            .expect("a file is written");
    }
}
