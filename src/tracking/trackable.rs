//! What a report may be about, by the names that the wire and the tables use.

use uuid::Uuid;

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

impl EventType {
    /// Its name on the wire and in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PageView => "page_view",
            Self::LinkClick => "link_click",
            Self::FormSubmit => "form_submit",
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, String> {
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

    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let known = [Self::Board, Self::Card, Self::Comment, Self::WebhookEndpoint];
        known.into_iter().find(|known| known.as_str() == text).ok_or_else(|| {
            "trackable_type is one of Board, Card, Comment and WebhookEndpoint.".to_owned()
        })
    }
}
