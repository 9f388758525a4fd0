//! Every page with made-up data: what holds for all of them is tested here, and with `CAIRN_LOOK`
//! set to a folder they are written there to be looked at.

use std::collections::HashSet;
use std::sync::Arc;

use maud::Markup;
use time::Duration;

use super::outbox::Delivery;
use super::password_links::Way;
use super::{Form, Page, assets, cards::CardPage};
use crate::domain::boards::{Board, BoardSummary, BoardView};
use crate::domain::cards::{Card, CardFace};
use crate::domain::columns::Column;
use crate::domain::comments::Comment;
use crate::domain::feed::Feed;
use crate::domain::users::User;
use crate::domain::{Access, Account, Actor, FieldError};
use crate::events::history::Activity;
use crate::events::{Event, Header, KINDS, Source};
use crate::mail::{Entry, State};
use crate::values::id::{
    AccountId, BoardId, CardId, ColumnId, CommentId, EventId, LetterId, SignInId, UserId,
};
use crate::values::{Color, Rank, Role, Slug, Zone, clock};
use crate::webhooks::Endpoint;
use crate::webhooks::deliveries::Log;

const SHARP: &str = "\"><script>alert('x')</script>";

fn page() -> Page {
    let account = Account {
        id: AccountId::new(),
        slug: Slug::parse("northfold").expect("a slug"),
        name: "Northfold".to_owned(),
        zone: Zone::utc(),
    };
    let viewer = Actor {
        account,
        user_id: UserId::new(),
        name: "Olive Marsh".to_owned(),
        color: Color::Moss,
        role: Role::Owner,
        zone: Zone::utc(),
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
    }
}

fn board() -> Board {
    Board {
        id: BoardId::new(),
        name: "Spring catalogue".to_owned(),
        color: Color::Clay,
        creator_id: UserId::new(),
        created_at: clock::now(),
    }
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
    };
    vec![letter(State::Waiting, Some(SHARP.to_owned())), letter(refused, None)]
}

fn columns(board: BoardId) -> Vec<Column> {
    let names = ["To do", "Doing", "In review", "Done"];
    let colors = [Color::Stone, Color::Lake, Color::Ochre, Color::Moss];
    let columns = names.into_iter().zip(colors).map(|(name, color)| Column {
        id: ColumnId::new(),
        board_id: board,
        name: name.to_owned(),
        color,
    });
    columns.collect()
}

fn board_view() -> BoardView {
    let board = board();
    let titles = [
        "Photograph the new waymarks before the snow",
        "Write the letter to the hut wardens",
        "Proof the Greek place names",
        "Check every bus time against the winter timetable",
        SHARP,
        "Pick the paper for the cover",
        "Redraw the north ridge at 1:25 000",
    ];
    let mut numbered = (100..).zip(titles);
    let columns = columns(board.id).into_iter().zip([3, 2, 2, 0]).map(|(column, many)| {
        let faces = numbered.by_ref().take(many).map(|(number, title)| CardFace {
            id: CardId::new(),
            number,
            column_id: column.id,
            title: title.to_owned(),
            comments: number % 3,
        });
        let faces = faces.collect();
        (column, faces)
    });
    let columns = columns.collect();
    BoardView { board, columns }
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
    Feed { activities, people: people.into_iter().collect(), next: Some(80) }
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
        source: Source::Browser,
        token_id: None,
        address_id: None,
        created_at: clock::now() - Duration::minutes(i64::from(minutes_ago)),
    };
    Activity { sequence, header, event }
}

fn card(board: BoardId, column: ColumnId) -> Card {
    Card {
        id: CardId::new(),
        number: 142,
        board_id: board,
        column_id: column,
        rank: Rank::between(None, None),
        title: "Write the letter to the hut wardens".to_owned(),
        description: "Ask each warden two things: what it costs to stay and who has the key.\n\n\
                      ## Before it goes out\n\n- Collect the eight addresses\n- Agree on the *two* questions\n\n\
                      Quote it as `[survey 2019]`.\n\n<script>alert(1)</script>"
            .to_owned(),
        version: 3,
        creator_id: UserId::new(),
        created_at: clock::now(),
        updated_at: clock::now(),
    }
}

fn comments(card: CardId) -> Vec<Comment> {
    let said = [
        (
            "Tomas Lindqvist",
            Color::Lake,
            "The wardens at Hollin answer by post only. I have their addresses in the blue folder.",
        ),
        (
            "Amara Okafor",
            Color::Clay,
            "Then let us write **one letter** that works on paper.\n\n> What does it cost to stay?",
        ),
    ];
    let comments = said.into_iter().map(|(author, color, body)| Comment {
        id: CommentId::new(),
        card_id: card,
        author_id: UserId::new(),
        author_name: author.to_owned(),
        author_color: color,
        body: body.to_owned(),
        created_at: clock::now() - Duration::hours(5),
    });
    comments.collect()
}

fn samples() -> Vec<(&'static str, Markup)> {
    let page = page();
    let nobody = Page { viewer: None, ..page.clone() };
    let view = board_view();
    let columns: Vec<Column> = view.columns.iter().map(|(column, _)| column.clone()).collect();
    let card = card(view.board.id, columns[1].id);
    let (feed, comments, blank) = (feed(&page), comments(card.id), Form::default());
    let shown = CardPage {
        card: &card,
        board: &view.board,
        columns: &columns,
        comments: &comments,
        feed: &feed,
        comment_form: &blank,
    };
    let wrong = Form::default().with("email", SHARP).refused(vec![FieldError {
        field: "password",
        message: "That e-mail and password do not go together.".to_owned(),
    }]);
    let summary = |board| BoardSummary { board, columns: 4, cards: 12 };
    let boards = [
        summary(view.board.clone()),
        summary(Board { name: "Website".to_owned(), color: Color::Lake, ..board() }),
    ];
    let users = [User {
        id: UserId::new(),
        name: "Olive Marsh".to_owned(),
        role: Role::Owner,
        color: Color::Moss,
    }];
    let empty = BoardView { board: board(), columns: Vec::new() };
    let nothing = Feed { activities: Vec::new(), people: [].into(), next: None };
    let notices = [super::notifications::Notice {
        card_number: 142,
        card_title: card.title.clone(),
        sentence: "Tomas Lindqvist moved Write the letter from To do to Doing".to_owned(),
        at: clock::now(),
        unread: true,
    }];
    vec![
        ("sign-in", super::sessions::new(&nobody, &wrong, None, Some("/session/demo?code=x"))),
        ("setup", super::setup::new(&nobody, &blank)),
        (
            "password",
            super::password_links::show(&nobody, "olive@northfold.example", "token", &blank),
        ),
        ("welcome", super::boards::index(&page, &[])),
        ("boards", super::boards::index(&page, &boards)),
        ("board-new", super::boards::new(&page, &blank)),
        ("board", super::boards::show(&page, &view, &feed, &blank)),
        ("board-empty", super::boards::show(&page, &empty, &nothing, &blank)),
        ("card", super::cards::show(&page, &shown)),
        ("card-edit", super::cards::edit(&page, &card, &super::cards::filled(&card))),
        (
            "card-conflict",
            super::cards::conflict(&page, &card, &super::cards::filled(&card).with("title", SHARP)),
        ),
        ("history", super::history::show(&page, &card, &feed)),
        ("activity", super::activities::show(&page, None, &feed, true)),
        ("activity-board", super::activities::show(&page, Some(&view.board), &feed, false)),
        (
            "members",
            super::members::show(
                &page,
                &users,
                &[],
                &blank,
                Some("https://cairn.example/northfold/invitations/abc"),
            ),
        ),
        (
            "webhooks",
            super::webhooks::index(
                &page,
                &[Endpoint::example()],
                std::slice::from_ref(&view.board),
                &blank,
            ),
        ),
        (
            "endpoint",
            super::webhooks::show(
                &page,
                &Endpoint::example(),
                &[],
                Some("whsec_abc"),
                &Log::example(SHARP),
            ),
        ),
        ("notices", super::notifications::show(&page, &notices)),
        ("profile", super::profile::show(&page, &blank, &blank, true)),
        ("forgotten", super::password_links::new(&nobody, Way::Letter, &wrong)),
        ("outbox", super::outbox::index(&page, Delivery::Kept, &letters())),
        ("unsubscription", super::unsubscriptions::new(&nobody)),
        ("docs", super::docs::show(&page)),
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
    ]
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
    let html = super::boards::show(&page, &view, &feed(&page), &Form::default()).into_string();
    let ids: HashSet<String> = values(&html, "id").into_iter().collect();
    let (column, faces) = &view.columns[0];
    let streams = [
        super::stream::board_columns(slug, view.board.id, &view.columns),
        super::stream::column(slug, column, faces),
        super::stream::card(slug, &faces[0]),
        super::stream::activity(slug, &feed(&page).activities[0], &[].into()),
        super::stream::notice_count(2),
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
    let whole =
        super::columns::all(slug, "a-token", view.board.id, &view.columns, &Form::default());
    let neutral = super::columns::all(slug, "", view.board.id, &view.columns, &Form::default());
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
