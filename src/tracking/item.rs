//! An item as a browser sends it, and what it must be.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::{Uuid, Version};

use crate::values::id::TrackingEventId;

/// The most items of one request.
pub const MOST_ITEMS: usize = 20;

/// The longest address that is kept, in characters.
const LONGEST_URL: usize = 2_000;

/// How far back an id may lie: a browser that was offline for a week.
const BACK: Duration = Duration::days(7);

/// How far ahead it may lie: clocks differ.
const AHEAD: Duration = Duration::minutes(5);

/// An item as it was sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Item {
    id: Option<String>,
    event_type: String,
    trackable_type: Option<String>,
    trackable_id: Option<String>,
    url: String,
    occurred_at: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType {
    /// A page was opened.
    PageView,
    /// A link was followed.
    LinkClick,
    /// A form was sent.
    FormSubmit,
}

/// What it was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trackable {
    /// Its type, as Rails would call it.
    pub kind: TrackableType,
    /// Its id.
    pub id: Uuid,
}

/// The types of things that reports may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are called what they are")]
pub enum TrackableType {
    Board,
    Card,
    Comment,
    WebhookEndpoint,
}

/// A well-formed report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id, which makes a second sending harmless.
    pub id: TrackingEventId,
    /// What was done.
    pub event_type: EventType,
    /// What it was done to.
    pub trackable: Option<Trackable>,
    /// Where.
    pub url: String,
    /// When, by the browser's clock.
    pub occurred_at: OffsetDateTime,
}

/// An item that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its place in the request, from zero.
    pub index: usize,
    /// Its id, as it was sent.
    pub id: Option<String>,
    /// Why, in a sentence.
    pub reason: String,
}

impl EventType {
    /// Its name on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PageView => "page_view",
            Self::LinkClick => "link_click",
            Self::FormSubmit => "form_submit",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let known = [Self::PageView, Self::LinkClick, Self::FormSubmit];
        known
            .into_iter()
            .find(|known| known.as_str() == text)
            .ok_or_else(|| "event_type is one of page_view, link_click and form_submit.".to_owned())
    }
}

impl TrackableType {
    /// Its name on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Board => "Board",
            Self::Card => "Card",
            Self::Comment => "Comment",
            Self::WebhookEndpoint => "WebhookEndpoint",
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let known = [Self::Board, Self::Card, Self::Comment, Self::WebhookEndpoint];
        known.into_iter().find(|known| known.as_str() == text).ok_or_else(|| {
            "trackable_type is one of Board, Card, Comment and WebhookEndpoint.".to_owned()
        })
    }
}

impl Item {
    /// Reads an item as it was sent, or says in a sentence what is wrong with it. Its shape is
    /// read here, not with the request's, so that an odd item spoils no other.
    ///
    /// # Errors
    /// The sentence, with the id as it was sent.
    pub(super) fn read(sent: Value, index: usize, now: OffsetDateTime) -> Result<Report, Refused> {
        let id = sent.get("id").and_then(Value::as_str).map(str::to_owned);
        serde_json::from_value::<Self>(sent)
            .map_err(|error| format!("this is not an item: {error}."))
            .and_then(|item| item.report(now))
            .map_err(|reason| Refused { index, id, reason })
    }

    fn report(self, now: OffsetDateTime) -> Result<Report, String> {
        Ok(Report {
            id: id(self.id.as_deref(), now)?,
            event_type: EventType::parse(&self.event_type)?,
            trackable: trackable(self.trackable_type.as_deref(), self.trackable_id.as_deref())?,
            url: url(&self.url)?,
            occurred_at: occurred_at(self.occurred_at.as_deref(), now)?,
        })
    }
}

fn id(text: Option<&str>, now: OffsetDateTime) -> Result<TrackingEventId, String> {
    let Some(text) = text else { return Ok(TrackingEventId::new()) };
    let uuid =
        Uuid::try_parse(text).ok().filter(|uuid| uuid.get_version() == Some(Version::SortRand));
    let uuid = uuid.ok_or("id is a UUID of version 7.")?;
    let made = uuid.get_timestamp().map_or(0, |at| at.to_unix().0).cast_signed();
    let made = OffsetDateTime::from_unix_timestamp(made).map_err(|_| "id is not of this time.")?;
    if made < now - BACK || made > now + AHEAD {
        return Err("id was made more than seven days ago or five minutes ahead; \
                    correct the clock by the Date of this answer."
            .to_owned());
    }
    Ok(uuid.into())
}

fn trackable(kind: Option<&str>, id: Option<&str>) -> Result<Option<Trackable>, String> {
    match (kind, id) {
        (None, None) => Ok(None),
        (Some(kind), Some(id)) => {
            let kind = TrackableType::parse(kind)?;
            let id = Uuid::try_parse(id).map_err(|_| "trackable_id is a UUID.")?;
            Ok(Some(Trackable { kind, id }))
        }
        _ => Err("trackable_type and trackable_id go together.".to_owned()),
    }
}

fn url(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none() || text.contains(char::is_control) {
        return Err("url is an http or https address.".to_owned());
    }
    if text.chars().count() > LONGEST_URL {
        return Err(format!("url is at most {LONGEST_URL} characters long."));
    }
    Ok(text.to_owned())
}

fn occurred_at(text: Option<&str>, now: OffsetDateTime) -> Result<OffsetDateTime, String> {
    let Some(text) = text else { return Ok(now) };
    let at = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "occurred_at is a time as RFC 3339 writes it.")?;
    Ok(if at < now - BACK || at > now + AHEAD { now } else { at })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::clock;
    use serde_json::json;

    fn item(change: impl FnOnce(&mut Value)) -> Result<Report, Refused> {
        let mut item = json!({
            "id": TrackingEventId::new(), "event_type": "page_view",
            "url": "https://cairn.example/northfold",
        });
        change(&mut item);
        Item::read(item, 0, clock::now())
    }

    #[test]
    fn a_plain_item_is_taken() {
        assert!(item(|_| {}).is_ok());
        assert!(item(|item| item["id"] = Value::Null).is_ok());
    }

    #[test]
    fn what_is_wrong_is_named() {
        let refused = |change: fn(&mut Value)| item(change).expect_err("a refusal").reason;
        assert!(refused(|item| item["event_type"] = "hover".into()).starts_with("event_type"));
        assert!(refused(|item| item["id"] = "42".into()).starts_with("id"));
        assert!(
            refused(|item| item["id"] = "01000000-0000-7000-8000-000000000000".into())
                .contains("seven days")
        );
        assert!(refused(|item| item["id"] = Uuid::nil().to_string().into()).contains("version 7"));
        assert!(refused(|item| item["trackable_type"] = "Board".into()).contains("together"));
        assert!(refused(|item| item["url"] = "javascript:alert(1)".into()).starts_with("url"));
        assert!(refused(|item| item["url"] = "https://a.example/\0".into()).starts_with("url"));
        assert!(
            refused(|item| item["occurred_at"] = "yesterday".into()).starts_with("occurred_at")
        );
    }

    #[test]
    fn an_item_of_another_shape_is_refused_with_its_id() {
        let id = TrackingEventId::new().to_string();
        for (field, odd) in [("event_type", json!(5)), ("url", Value::Null), ("page", json!("x"))] {
            let refusal = item(|item| {
                item["id"] = json!(id);
                item[field] = odd;
            });
            assert_eq!(refusal.expect_err("a refusal").id.as_ref(), Some(&id), "{field}");
        }
        assert_eq!(Item::read(json!("view"), 3, clock::now()).expect_err("a refusal").index, 3);
    }
}
