//! What webhook endpoints are sent, as the document tells it: one call for each kind of event.

use serde_json::{Map, Value, json};

use crate::events::{Envelope, KINDS, Kind};

/// The headers of a call: the name, what it holds, and whether each call has it.
const HEADERS: &[(&str, &str, bool)] = &[
    (
        "webhook-id",
        "The event’s id, the same for every try: what was taken once need not be again.",
        true,
    ),
    ("webhook-timestamp", "When it was sent, in seconds since 1970.", true),
    (
        "webhook-signature",
        "Signatures as Standard Webhooks has them, with a space between two.",
        true,
    ),
    (
        "X-Webhook-Signature",
        "HMAC-SHA256 of the body in lower-case hex, keyed with the secret as it is shown.",
        true,
    ),
    ("X-Webhook-Signature-Next", "The same with the newer secret, while two of them sign.", false),
    ("Cairn-Sequence", "The event’s number in the account’s log.", false),
    ("Cairn-Delivery", "The delivery’s number, without gaps for its endpoint.", false),
    ("Cairn-Replay", "`true` if it was sent before, or would have been: a replay.", false),
    ("Cairn-Test", "`true` if an admin tried the endpoint out.", false),
];

/// The calls, by the names of their events.
pub(super) fn calls() -> Value {
    let kinds = KINDS.iter().filter(|kind| kind.shows.webhooks);
    Value::Object(kinds.map(|kind| (kind.wire_name(), json!({ "post": call(kind) }))).collect())
}

fn call(kind: &Kind) -> Value {
    let content = json!({
        "schema": kind.payload_schema(),
        "example": Envelope::documented(kind),
    });
    json!({
        "operationId": kind.wire_name(),
        "summary": kind.label,
        "description": kind.happens(),
        "tags": ["webhooks"],
        "parameters": HEADERS.iter().map(header).collect::<Vec<_>>(),
        "requestBody": { "required": true, "content": { "application/json": content } },
        "responses": responses(),
    })
}

fn header((name, about, required): &(&str, &str, bool)) -> Value {
    json!({
        "name": name,
        "in": "header",
        "required": required,
        "description": about,
        "schema": { "type": "string" },
    })
}

fn responses() -> Value {
    let told = [
        ("2XX", "It was taken."),
        ("410", "It is not wanted any more: the endpoint is switched off."),
        ("429", "Too many at once; `Retry-After` says when to try again."),
        ("default", "It is tried again."),
    ];
    let responses: Map<String, Value> = told
        .iter()
        .map(|(code, about)| ((*code).to_owned(), json!({ "description": about })))
        .collect();
    Value::Object(responses)
}
