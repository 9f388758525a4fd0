//! What browsers report, made up: as a request's body and as a row of the table.

use std::fmt::Write as _;

use cairn::values::clock;
use cairn::values::id::TrackingEventId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// Where things are, to the browser.
const ORIGIN: &str = "https://cairn.example/northfold";

/// The boards of an account with their cards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Things(pub(super) Vec<(Uuid, Vec<Uuid>)>);

/// A report.
pub(super) struct Event {
    pub(super) id: Uuid,
    pub(super) event_type: &'static str,
    /// What it is about: its type, its id, and the board that it is on.
    pub(super) thing: Option<(&'static str, Uuid, Uuid)>,
    pub(super) url: String,
    pub(super) occurred_at: OffsetDateTime,
}

impl Event {
    /// The report of some turn, just now: of ten, six are views of cards, two of boards, one is a link
    /// of a card, and one a form about nothing in particular.
    pub(super) fn of(turn: usize, things: &Things) -> Self {
        let chance = turn.wrapping_mul(2_654_435_761) >> 7;
        let (board, cards) = &things.0[chance / 10 % things.0.len()];
        let card = cards[chance / 1_000 % cards.len()];
        let of_card = Some(("Card", card, *board));
        let (event_type, thing) = match chance % 10 {
            0..=5 => ("page_view", of_card),
            6 | 7 => ("page_view", Some(("Board", *board, *board))),
            8 => ("link_click", of_card),
            _ => ("form_submit", None),
        };
        let url = format!("{ORIGIN}/boards/{board}");
        let id = TrackingEventId::new().uuid();
        Self { id, event_type, thing, url, occurred_at: clock::now() }
    }

    fn write(&self, text: &mut String) {
        let Self { id, event_type, url, .. } = self;
        let at = self.occurred_at.format(&Rfc3339).expect("a time");
        write!(
            text,
            r#"{{"id":"{id}","event_type":"{event_type}","url":"{url}","occurred_at":"{at}""#
        )
        .expect("text");
        if let Some((kind, id, _)) = self.thing {
            write!(text, r#","trackable_type":"{kind}","trackable_id":"{id}""#).expect("text");
        }
        text.push('}');
    }
}

/// The body of a request with so many reports, the first of which has that turn.
pub(super) fn body(turn: usize, count: usize, things: &Things) -> String {
    let mut text = String::with_capacity(400 * count);
    if count == 1 {
        text.push_str(r#"{"tracking_event":"#);
        Event::of(turn, things).write(&mut text);
        text.push('}');
        return text;
    }
    text.push_str(r#"{"tracking_events":["#);
    for number in 0..count {
        text.push_str(if number > 0 { "," } else { "" });
        Event::of(turn + number, things).write(&mut text);
    }
    text.push_str("]}");
    text
}
