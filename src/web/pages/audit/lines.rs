//! An audit as lines of JSON: each as the API tells of it, and from where it was done.

use std::io;

use serde::Serialize;
use time::OffsetDateTime;
use time::serde::rfc3339;

use super::words;
use crate::domain::audit::export::Form;
use crate::domain::audit::{Audited, Entry};
use crate::events::Source;
use crate::values::id::{EventId, TokenId};
use crate::web::api::{ActivityJson, Person};

/// The form of the file.
pub(super) const FORM: Form = Form { head: "", write };

fn write(audited: &Audited) -> io::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for entry in &audited.entries {
        serde_json::to_writer(&mut lines, &Line::of(entry, audited))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    what: What,
    source: Source,
    token: Option<Token>,
    address: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Seen(ActivityJson),
    Hidden(Hidden),
}

/// What happened on a board that whoever asks does not see: the same fields, of which most are null.
#[derive(Serialize)]
struct Hidden {
    sequence: i64,
    id: EventId,
    event: (),
    #[serde(with = "rfc3339")]
    created_at: OffsetDateTime,
    creator: Option<Person>,
    board_id: (),
    card_number: (),
    undoes_id: (),
    description: String,
    data: (),
}

#[derive(Serialize)]
struct Token {
    id: TokenId,
    name: Option<String>,
}

impl Line {
    fn of(entry: &Entry, audited: &Audited) -> Self {
        let (header, origins) = (&entry.header, &audited.origins);
        let what = match &entry.activity {
            Some(activity) => What::Seen(ActivityJson::new(activity, &audited.people)),
            None => What::Hidden(Hidden::of(entry, audited)),
        };
        let token = |id| Token { id, name: origins.tokens.get(&id).cloned() };
        Self {
            what,
            source: header.source,
            token: header.token_id.map(token),
            address: words::address(header, origins),
        }
    }
}

impl Hidden {
    fn of(Entry { sequence, header, .. }: &Entry, audited: &Audited) -> Self {
        Self {
            sequence: *sequence,
            id: header.id,
            event: (),
            created_at: header.created_at,
            creator: header.creator_id.map(|id| Person::named(id, &audited.people)),
            board_id: (),
            card_number: (),
            undoes_id: (),
            description: words::HIDDEN.to_owned(),
            data: (),
        }
    }
}
