//! Histories, and the audit with entries, with nothing, and with what is wrong in its fields.

use std::collections::HashMap;

use maud::Markup;

use super::boards::board;
use super::cards::SHARP;
use crate::domain::audit::{Audited, Entry};
use crate::domain::feed::Feed;
use crate::domain::restorations::Undone;
use crate::domain::{FieldError, Origins};
use crate::notifications::heads::Choice;
use crate::values::id::{AddressId, TokenId};
use crate::values::{Every, clock};
use crate::views::audit::{ByMail, Narrowed, Shown};
use crate::views::history::{self, Known, Told};
use crate::views::outbox::Delivery;
use crate::views::{Form, Page, audit};

/// Each page by its name.
pub(super) fn pages(page: &Page, feed: &Feed) -> Vec<(&'static str, Markup)> {
    let board = board();
    let (origins, feed) = from_afar(feed);
    let card = Told::Card { id: None, number: 142, title: SHARP };
    let undone = undone(&feed);
    let Some(viewer) = &page.viewer else { return Vec::new() };
    let known = Known::of(&feed, (&origins, &undone), viewer);
    let all = audited(&feed, &origins, &undone);
    let boards = [board.clone()];
    let (narrowed, form) = (Narrowed::default(), Form::default());
    let choice = Choice { every: Every::Week, due_at: clock::now() + time::Duration::days(7) };
    let by_mail = ByMail { choice: Some(choice), delivery: Delivery::Kept };
    let shown = Shown {
        narrowed: &narrowed,
        form: &form,
        people: &[],
        boards: &boards,
        audited: Some(&all),
        before: None,
        by_mail: Some(by_mail),
    };
    let wrong = Narrowed {
        kinds: vec![SHARP.to_owned()],
        card: SHARP.to_owned(),
        since: "soon".to_owned(),
        ..Narrowed::default()
    };
    let nothing = Audited { entries: Vec::new(), next: None, ..all.clone() };
    let so_far = Audited { next: Some(7), ..nothing.clone() };
    let refused = Form::default().with("card", SHARP).with("since", "soon").refused(errors());
    vec![
        ("history", history::page(page, &card, (&feed, &origins, &undone), None)),
        (
            "history-board",
            history::page(page, &Told::Board(&board), (&feed, &origins, &undone), Some(90)),
        ),
        ("history-entry", history::show(page, &feed.activities[0], known)),
        ("audit", audit::show(page, &shown)),
        ("audit-nothing", audit::show(page, &Shown { audited: Some(&nothing), ..shown })),
        ("audit-so-far", audit::show(page, &Shown { audited: Some(&so_far), ..shown })),
        (
            "audit-refused",
            audit::show(page, &Shown { narrowed: &wrong, form: &refused, audited: None, ..shown }),
        ),
    ]
}

/// The same done from several places.
fn from_afar(feed: &Feed) -> (Origins, Feed) {
    let (token, kept, erased) = (TokenId::new(), AddressId::new(), AddressId::new());
    let origins = Origins {
        tokens: HashMap::from([(token, SHARP.to_owned())]),
        addresses: HashMap::from([(kept, Some("203.0.113.7".to_owned())), (erased, None)]),
    };
    let mut feed = feed.clone();
    for (at, activity) in feed.activities.iter_mut().enumerate() {
        activity.header.address_id = [Some(kept), Some(erased), None][at % 3];
        activity.header.token_id = (at % 4 == 0).then_some(token);
    }
    if let [undoing, .., undone] = feed.activities.as_mut_slice() {
        undoing.header.undoes_id = Some(undone.header.id);
    }
    (origins, feed)
}

/// The oldest was undone by the newest.
fn undone(feed: &Feed) -> Undone {
    let mut undone = Undone::default();
    if let [by, .., it] = feed.activities.as_slice() {
        undone.by.insert(it.header.id, (by.sequence, by.header.id));
        undone.numbers.insert(it.header.id, it.sequence);
    }
    undone
}

fn audited(feed: &Feed, origins: &Origins, undone: &Undone) -> Audited {
    let entries = feed.activities.iter().enumerate().map(|(at, activity)| Entry {
        sequence: activity.sequence,
        header: activity.header.clone(),
        activity: (at % 5 > 0).then(|| activity.clone()),
    });
    Audited {
        entries: entries.collect(),
        people: feed.people.clone(),
        gone: feed.gone.clone(),
        origins: origins.clone(),
        undone: undone.clone(),
        boards: HashMap::new(),
        next: Some(40),
    }
}

fn errors() -> Vec<FieldError> {
    let error = |field, message: &str| FieldError { field, message: message.to_owned() };
    vec![
        error("kind", "There is no event called “x”."),
        error("card", "A card has a whole number, such as 142."),
        error("since", "Write a day of the calendar as 2026-11-25."),
    ]
}
