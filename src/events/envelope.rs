//! The form in which an event goes out: the body of webhooks, and of the API's list of events.

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::{AccountRef, Event, Header};

/// An event as JSON: `{"id", "event", "created_at", "account", "data"}`.
///
/// The id serves also as `webhook-id`. No number that is known only once the head is taken
/// stands in it, so that the bytes can be frozen before.
pub fn envelope(account: &AccountRef, header: &Header, event: &dyn Event) -> Value {
    json!({
        "id": header.id,
        "event": event.kind().wire_name(),
        "created_at": header.created_at.format(&Rfc3339).unwrap_or_default(),
        "account": account,
        "data": data(header, event),
    })
}

/// The event's own particulars, and who did it: an id, since names can be erased.
fn data(header: &Header, event: &dyn Event) -> Value {
    let mut data = event.data();
    if let Value::Object(fields) = &mut data {
        fields.insert("creator_id".to_owned(), json!(header.creator_id));
    }
    data
}
