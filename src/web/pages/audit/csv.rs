//! An audit as comma-separated values (RFC 4180).

use std::io;

use csv::{Terminator, WriterBuilder};
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use super::words;
use crate::domain::audit::export::Form;
use crate::domain::audit::{Audited, Entry};
use crate::events::sentence::{SYSTEM, name};
use crate::values::cell::harmless;

/// The form of the file.
pub(super) const FORM: Form = Form {
    head: "sequence,time,person,event,description,from,address,board,card,changes,undoes\r\n",
    write,
};

fn write(audited: &Audited) -> io::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for entry in &audited.entries {
        writer.write_record(row(entry, audited).iter().map(|cell| harmless(cell)))?;
    }
    writer.into_inner().map_err(|error| error.into_error())
}

fn row(entry: &Entry, audited: &Audited) -> [String; 11] {
    let (header, activity) = (&entry.header, entry.activity.as_ref());
    let time = header.created_at.to_offset(UtcOffset::UTC).format(&Rfc3339).unwrap_or_default();
    let person = header.creator_id.map_or(SYSTEM, |id| name(id, &audited.people));
    let board = header.board_id.map(|id| match audited.boards.get(&id) {
        Some(name) => name.clone(),
        None => id.to_string(),
    });
    let card = activity.and_then(|activity| activity.event.place().card);
    let changes = activity.map(|activity| activity.event.changes()).unwrap_or_default();
    let changes: Vec<String> = changes
        .iter()
        .map(|change| format!("{}: {} → {}", change.attribute, change.old, change.new))
        .collect();
    [
        entry.sequence.to_string(),
        time,
        person.to_owned(),
        activity.map(|activity| activity.event.kind().wire_name()).unwrap_or_default(),
        words::description(entry, &audited.people),
        words::from(header, &audited.origins),
        words::address(header, &audited.origins).unwrap_or_default(),
        board.unwrap_or_default(),
        card.map(|(_, number)| number.to_string()).unwrap_or_default(),
        changes.join("; "),
        header.undoes_id.map(|id| id.to_string()).unwrap_or_default(),
    ]
}
