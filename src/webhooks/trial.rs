//! Trying an endpoint out: one call, now, that is no delivery and leaves nothing behind.
//!
//! It has no number of the endpoint's, counts for nothing, and is not made again.

use std::str::FromStr;

use sqlx::PgPool;

use super::endpoints::{self, Endpoint};
use super::format::Told;
use super::secrets;
use super::send::{Message, Sender};
use super::sent;
use crate::domain::feed::{self, Filter};
use crate::domain::{Actor, Error, Result, boards};
use crate::events::history::{Activity, From};
use crate::events::sentence::People;
use crate::events::{AccountRef, Header, Kind, Log};
use crate::values::board_access::BoardAccess;
use crate::values::id::{BoardId, EndpointId, EventId};
use crate::values::secret::KeyRing;
use crate::values::{Invalid, clock};

/// How much of an answer is shown, in bytes.
const SHOWN: usize = 4 * 1024;

/// How many events of the past are offered.
const OFFERED: i64 = 25;

/// What an endpoint is tried out with.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    /// The example of a kind.
    Example(&'static Kind),
    /// A real event, by its number in the account's log.
    Past(i64),
}

impl FromStr for Subject {
    type Err = Invalid;

    fn from_str(text: &str) -> std::result::Result<Self, Invalid> {
        if let Ok(sequence) = text.parse() {
            return Ok(Self::Past(sequence));
        }
        match Kind::by_wire_name(text).filter(|kind| kind.shows.webhooks) {
            Some(kind) => Ok(Self::Example(kind)),
            None => Err(Invalid::because(format!("There is no event called “{text}”."))),
        }
    }
}

/// What came of it.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WebhookTest)]
pub struct Trial {
    /// The id in the body and in `webhook-id`: the event's own, or a new one for an example.
    pub event_id: EventId,
    /// The event's name.
    pub event: String,
    /// The code of the answer, if there was one.
    #[schema(required)]
    pub response_code: Option<u16>,
    /// The head of the answer's body.
    pub response_body: String,
    /// What went wrong, if something did.
    #[schema(required)]
    pub error_message: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
    /// What was sent.
    pub request_body: String,
}

/// Tries endpoints out.
pub struct Trials {
    log: Log,
    keys: KeyRing,
    sender: Sender,
    origin: String,
}

/// A body with what is known of its event.
struct Payload {
    id: EventId,
    event: String,
    sequence: Option<i64>,
    body: Vec<u8>,
}

impl Trials {
    /// Trials of the endpoints in a log’s database, by a server at this address.
    pub fn new(log: Log, keys: KeyRing, sender: Sender, origin: String) -> Self {
        Self { log, keys, sender, origin }
    }

    /// Calls an endpoint once, signed as a delivery is, whether it is switched off or not.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none such; [`Error::Invalid`] for a subject that is not
    /// there for them or that the endpoint may not hear of; [`Error::Forbidden`] for those who are
    /// no admins.
    pub async fn run(&self, actor: &Actor, id: EndpointId, subject: &str) -> Result<Trial> {
        let endpoint = endpoints::present(self.log.pool(), actor, id).await?;
        let payload = match subject.parse().map_err(Error::in_field("event"))? {
            Subject::Example(kind) => self.example(actor, &endpoint, kind),
            Subject::Past(sequence) => self.past(actor, &endpoint, sequence).await?,
        };
        let (signing, headers) = secrets::opened(self.log.pool(), &self.keys, actor, id).await?;
        let message = Message {
            url: &endpoint.url,
            signing: &signing,
            headers: &headers,
            event_id: payload.id.to_string(),
            number: None,
            is_again: false,
            sequence: payload.sequence,
            body: &payload.body,
        };
        let tried = self.sender.send(&message, clock::now()).await;
        Ok(Trial {
            event_id: payload.id,
            event: payload.event,
            response_code: tried.code,
            response_body: text(&tried.body[..tried.body.len().min(SHOWN)]),
            error_message: tried.failure.map(|failure| failure.sentence().to_owned()),
            milliseconds: u64::try_from(tried.took.as_millis()).unwrap_or(u64::MAX),
            request_body: text(&payload.body),
        })
    }

    /// A new id each time: a receiver that remembers ids takes every example.
    fn example(&self, actor: &Actor, endpoint: &Endpoint, kind: &Kind) -> Payload {
        let account = account(actor);
        let header = Header {
            account_id: account.id,
            id: EventId::new(),
            creator_id: Some(actor.user_id),
            created_at: clock::now(),
            ..Header::documented(kind)
        };
        let people = People::from([(actor.user_id, actor.name.clone())]);
        let event = (kind.example)();
        let told =
            Told { account: &account, header: &header, event: event.as_ref(), people: &people };
        let body = endpoint.format.body(&self.origin, &told);
        Payload { id: header.id, event: kind.wire_name(), sequence: None, body }
    }

    /// A real event, with the bytes that were frozen when it happened if anybody was owed them.
    async fn past(&self, actor: &Actor, endpoint: &Endpoint, sequence: i64) -> Result<Payload> {
        let (pool, after) = (self.log.pool(), From::After(sequence - 1));
        let read = feed::log(&self.log, actor, &Filter::default(), after, 1).await?;
        let called = |it: &Activity| it.sequence == sequence && it.event.kind().shows.webhooks;
        let missing = || Error::invalid("event", "There is no event with this number to be sent.");
        let activity = read.activities.into_iter().find(called).ok_or_else(missing)?;
        may_hear_of(pool, actor, endpoint, activity.header.board_id).await?;
        let id = activity.header.id;
        let frozen = sent::frozen(pool, actor, endpoint.format, id).await?;
        let body = frozen.unwrap_or_else(|| {
            let account = account(actor);
            endpoint.format.body(&self.origin, &Told::of(&account, &activity, &read.people))
        });
        let event = activity.event.kind().wire_name();
        Ok(Payload { id, event, sequence: Some(sequence), body })
    }
}

fn account(actor: &Actor) -> AccountRef {
    AccountRef { id: actor.account.id, slug: actor.account.slug.clone() }
}

/// Refuses what happened on a private board that the endpoint does not name.
async fn may_hear_of(
    pool: &PgPool,
    actor: &Actor,
    endpoint: &Endpoint,
    board: Option<BoardId>,
) -> Result<()> {
    let Some(id) = board else { return Ok(()) };
    let board = boards::find(pool, actor, id).await?;
    if board.access == BoardAccess::Chosen && !endpoint.board_ids.contains(&id) {
        let why = "It happened on a private board, and the endpoint does not name that board.";
        return Err(Error::invalid("event", why));
    }
    Ok(())
}

/// The newest events that an endpoint can be tried out with; of itself it is never told.
///
/// # Errors
/// A database that fails.
pub async fn offered(log: &Log, actor: &Actor, endpoint: EndpointId) -> Result<Vec<Activity>> {
    let read = feed::log(log, actor, &Filter::default(), From::Newest, OFFERED).await?;
    let called = |activity: &Activity| {
        let event = &activity.event;
        event.kind().shows.webhooks && event.place().endpoint != Some(endpoint)
    };
    Ok(read.activities.into_iter().filter(called).collect())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
impl Trial {
    /// One that was answered with an error of these words.
    pub(crate) fn example(words: &str) -> Self {
        Self {
            event_id: EventId::new(),
            event: "card.moved".to_owned(),
            response_code: Some(500),
            response_body: words.to_owned(),
            error_message: Some(words.to_owned()),
            milliseconds: 96,
            request_body: words.to_owned(),
        }
    }
}
