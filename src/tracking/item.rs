//! An item as a browser sends it, and what it must be.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};
use uuid::{Uuid, Variant, Version};

use super::trackable::{EventType, Trackable, TrackableType};
use crate::values::id::TrackingEventId;

/// The most items of one request.
pub const MOST_ITEMS: usize = 20;

/// The longest address that is kept, in characters.
const LONGEST_URL: usize = 2_000;

/// How far back an id may lie: a browser that was offline for a week.
pub(super) const BACK: Duration = Duration::days(7);

/// How far ahead it may lie: clocks differ.
pub(super) const AHEAD: Duration = Duration::minutes(5);

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

/// What an odd item may have all the same; the rest of it is not looked at.
#[derive(Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
}

/// A well-formed report, and its place in the request that brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its place in the request, from zero.
    pub index: usize,
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

impl Item {
    /// Reads an item as it was sent, or says in a sentence what is wrong with it. Its shape is
    /// read here, not with the request's, so that an odd item spoils no other.
    ///
    /// # Errors
    /// The sentence, with the id as it was sent.
    pub(super) fn read(
        sent: &RawValue,
        index: usize,
        now: OffsetDateTime,
    ) -> Result<Report, Refused> {
        serde_json::from_str::<Self>(sent.get())
            .map_err(|error| format!("this is not an item: {error}."))
            .and_then(|item| item.report(index, now))
            .map_err(|reason| Refused { index, id: Named::id(sent), reason })
    }

    fn report(self, index: usize, now: OffsetDateTime) -> Result<Report, String> {
        Ok(Report {
            index,
            id: id(self.id.as_deref(), now)?,
            event_type: EventType::parse(&self.event_type)?,
            trackable: trackable(self.trackable_type.as_deref(), self.trackable_id.as_deref())?,
            url: url(&self.url)?,
            occurred_at: occurred_at(self.occurred_at.as_deref(), now)?,
        })
    }
}

impl Report {
    /// What it says that somebody opened.
    pub(super) fn viewed(&self) -> Option<Trackable> {
        self.trackable.filter(|_| self.event_type == EventType::PageView)
    }
}

impl Named<'_> {
    /// What an item that is refused calls itself, if it says so at all.
    fn id(sent: &RawValue) -> Option<String> {
        let named = serde_json::from_str::<Named<'_>>(sent.get()).ok()?;
        serde_json::from_str(named.id?.get()).ok()
    }
}

fn id(text: Option<&str>, now: OffsetDateTime) -> Result<TrackingEventId, String> {
    let Some(text) = text else { return Ok(TrackingEventId::new()) };
    let is_sorted = |uuid: &Uuid| {
        uuid.get_version() == Some(Version::SortRand) && uuid.get_variant() == Variant::RFC4122
    };
    let uuid = Uuid::try_parse(text).ok().filter(is_sorted);
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
    use serde_json::{Value, json};

    fn item(change: impl FnOnce(&mut Value)) -> Result<Report, Refused> {
        let mut item = json!({
            "id": TrackingEventId::new(), "event_type": "page_view",
            "url": "https://cairn.example/northfold",
        });
        change(&mut item);
        read(&item.to_string(), 0)
    }

    fn read(item: &str, index: usize) -> Result<Report, Refused> {
        Item::read(serde_json::from_str(item).expect("JSON"), index, clock::now())
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
        assert_eq!(read("\"view\"", 3).expect_err("a refusal").index, 3);
    }

    #[test]
    fn half_of_a_surrogate_pair_spoils_its_own_item_alone() {
        let id = TrackingEventId::new();
        let refusal = read(&format!(r#"{{"url": "\ud800", "id": "{id}"}}"#), 1);
        assert_eq!(refusal.expect_err("a refusal").id, Some(id.to_string()));
        let refusal = read(r#"{"id": "\udc00", "event_type": "page_view", "url": "\ud800"}"#, 0);
        assert_eq!(refusal.expect_err("a refusal").id, None);
    }
}
