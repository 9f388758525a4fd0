//! The form in which an event goes out: the body of webhooks, and of the API's list of events.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use super::{AccountRef, Event, Header, Kind, Source};
use crate::values::Slug;
use crate::values::id::{AccountId, EventId, UserId};

/// An event as it goes out.
// No number that is known only once the head is taken stands in it, so that its bytes can be
// frozen before.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Envelope {
    /// Its id, which serves also as `webhook-id`.
    pub id: EventId,
    /// The name of its kind.
    pub event: String,
    /// When it was recorded.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Where it happened.
    pub account: AccountRef,
    /// Its own particulars, who did it, and as `undoes_id` the event that it undid, if it did.
    #[schema(value_type = Object)]
    pub data: Value,
}

/// How large the bytes of an event may be to go out whole.
const LARGEST: usize = 256 * 1024;

/// An event that is too large to go out whole: where it can be fetched.
#[derive(serde::Serialize)]
struct Thin<'a> {
    #[serde(flatten)]
    envelope: &'a Envelope,
    /// Below the address of the server.
    data_url: String,
}

impl Envelope {
    /// The envelope of an event.
    pub fn new(account: &AccountRef, header: &Header, event: &dyn Event) -> Self {
        Self {
            id: header.id,
            event: event.kind().wire_name(),
            created_at: header.created_at,
            account: account.clone(),
            data: data(header, event),
        }
    }

    /// What an event of a kind looks like in documentation.
    pub fn documented(kind: &Kind) -> Self {
        let header = Header::documented(kind);
        Self::new(&AccountRef::documented(), &header, (kind.example)().as_ref())
    }

    /// Its bytes as JSON. One that is too large goes out with `data` null, and says where it can
    /// be fetched.
    pub fn to_bytes(&self) -> Vec<u8> {
        let bytes = serde_json::to_vec(self).expect("names, times and values are JSON");
        if bytes.len() <= LARGEST {
            return bytes;
        }
        let data_url = format!("/api/v1/{}/events/{}", self.account.slug, self.id);
        let envelope = &Self { data: Value::Null, ..self.clone() };
        serde_json::to_vec(&Thin { envelope, data_url }).expect("the same")
    }
}

impl AccountRef {
    /// The account of documentation.
    pub fn documented() -> Self {
        Self {
            id: AccountId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000010")),
            slug: Slug::parse("kiln-press").expect("a good slug"),
        }
    }
}

impl Header {
    /// What is known of the example of a kind, had it happened in documentation.
    pub fn documented(kind: &Kind) -> Self {
        let place = (kind.example)().place();
        Self {
            account_id: AccountRef::documented().id,
            id: EventId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000009")),
            creator_id: Some(UserId::from(uuid::uuid!("0192d2f0-c5d4-7a0e-8b1e-000000000008"))),
            board_id: place.board,
            card_id: place.card.map(|(id, _)| id),
            cause_id: None,
            undoes_id: None,
            source: Source::Browser,
            token_id: None,
            address_id: None,
            created_at: datetime!(2026-03-02 09:30 UTC),
        }
    }
}

/// The event's own particulars, who did it (an id, since names can be erased), and what it undid.
fn data(header: &Header, event: &dyn Event) -> Value {
    let mut data = event.data();
    if let Value::Object(fields) = &mut data {
        fields.insert("creator_id".to_owned(), json!(header.creator_id));
        if let Some(undone) = header.undoes_id {
            fields.insert("undoes_id".to_owned(), json!(undone));
        }
    }
    data
}
