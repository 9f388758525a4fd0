//! The form in which an endpoint is told: Cairn’s own, or what a chat takes.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use crate::events::history::Activity;
use crate::events::sentence::People;
use crate::events::{AccountRef, Envelope, Event, Header};
use crate::values::Invalid;

/// The most characters of a message of Discord’s, with room for the link.
const MOST: usize = 1_800;

/// What an endpoint understands.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = WebhookFormat)]
pub enum Format {
    /// The event itself, as JSON.
    #[default]
    Cairn,
    /// A message for an incoming webhook of Slack.
    Slack,
    /// A message for a webhook of Discord.
    Discord,
    /// An Adaptive Card for a workflow of Microsoft Teams.
    Teams,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Cairn, Self::Slack, Self::Discord, Self::Teams];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cairn => "cairn",
            Self::Slack => "slack",
            Self::Discord => "discord",
            Self::Teams => "teams",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cairn => "Events as JSON, for a program",
            Self::Slack => "A message for Slack",
            Self::Discord => "A message for Discord",
            Self::Teams => "A card for Microsoft Teams",
        }
    }

    /// The bytes of an event in this format; `origin` is where Cairn is.
    pub(super) fn body(self, origin: &str, told: &Told<'_>) -> Vec<u8> {
        let message = match self {
            Self::Cairn => {
                return Envelope::new(told.account, told.header, told.event).to_bytes();
            }
            Self::Slack => slack(&told.words(), &told.link(origin)),
            Self::Discord => discord(&told.words(), &told.link(origin)),
            Self::Teams => teams(&told.words(), &told.link(origin)),
        };
        message.to_string().into_bytes()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == text);
        found.ok_or_else(|| Invalid::because("The formats are cairn, slack, discord and teams."))
    }
}

/// An event with what is needed to tell of it.
pub(super) struct Told<'a> {
    pub(super) account: &'a AccountRef,
    pub(super) header: &'a Header,
    pub(super) event: &'a dyn Event,
    pub(super) people: &'a People,
}

impl<'a> Told<'a> {
    /// An entry of the log.
    pub(super) fn of(account: &'a AccountRef, activity: &'a Activity, people: &'a People) -> Self {
        Self { account, header: &activity.header, event: activity.event.as_ref(), people }
    }

    fn words(&self) -> String {
        self.event.sentence().plain_text(self.header.creator_id, self.people)
    }

    /// Where the thing is that it happened to.
    fn link(&self, origin: &str) -> String {
        let (place, slug) = (self.event.place(), &self.account.slug);
        let rest = match (place.card, place.board, place.endpoint) {
            (Some((_, number)), ..) => format!("cards/{number}"),
            (None, Some(board), _) => format!("boards/{board}"),
            (None, None, Some(endpoint)) => format!("webhooks/{endpoint}"),
            (None, None, None) => "activity".to_owned(),
        };
        format!("{}/{slug}/{rest}", origin.trim_end_matches('/'))
    }
}

/// In Slack only these three signs mean something that a title must not: a mention, a link.
fn slack(words: &str, link: &str) -> Value {
    let words = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    json!({ "text": format!("{words} <{link}|Open>") })
}

/// Nobody is pinged by what a card is called, and no mark means anything in it.
fn discord(words: &str, link: &str) -> Value {
    let mut content = String::new();
    for c in words.chars().take(MOST / 2) {
        if c.is_ascii_punctuation() {
            content.push('\\');
        }
        content.push(c);
    }
    json!({ "content": format!("{content} <{link}>"), "allowed_mentions": { "parse": [] } })
}

fn teams(words: &str, link: &str) -> Value {
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{
            "type": "RichTextBlock",
            "inlines": [{ "type": "TextRun", "text": words }],
        }],
        "actions": [{ "type": "Action.OpenUrl", "title": "Open in Cairn", "url": link }],
    });
    let kind = "application/vnd.microsoft.card.adaptive";
    json!({
        "type": "message",
        "attachments": [{ "contentType": kind, "contentUrl": null, "content": card }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::Kind;

    fn body(format: Format) -> Value {
        let kind = Kind::by_wire_name("card.moved").expect("a kind");
        let (account, header) = (AccountRef::documented(), Header::documented(kind));
        let event = (kind.example)();
        let people = People::from([(header.creator_id.expect("somebody"), "<Ol*ve>".to_owned())]);
        let told =
            Told { account: &account, header: &header, event: event.as_ref(), people: &people };
        serde_json::from_slice(&format.body("https://cairn.example/", &told)).expect("JSON")
    }

    #[test]
    fn each_chat_is_told_in_its_own_way_with_a_link() {
        let link = "https://cairn.example/kiln-press/cards/142";
        let slack = body(Format::Slack);
        assert_eq!(
            slack,
            json!({ "text": format!("&lt;Ol*ve&gt; moved Write the letter from To do to Doing <{link}|Open>") })
        );
        let discord = body(Format::Discord);
        assert_eq!(
            discord["content"],
            format!("\\<Ol\\*ve\\> moved Write the letter from To do to Doing <{link}>")
        );
        assert_eq!(discord["allowed_mentions"], json!({ "parse": [] }));
        let card = &body(Format::Teams)["attachments"][0]["content"];
        assert_eq!(card["type"], "AdaptiveCard");
        let text = &card["body"][0]["inlines"][0]["text"];
        assert_eq!(text, "<Ol*ve> moved Write the letter from To do to Doing");
        assert_eq!(card["actions"][0]["url"], link);
        assert_eq!(body(Format::Cairn)["event"], "card.moved");
    }

    #[test]
    fn a_message_for_discord_is_never_too_long() {
        let message = discord(&"*".repeat(5_000), "https://cairn.example/kiln-press/cards/142");
        let length = message["content"].as_str().expect("words").chars().count();
        assert!(length <= 2_000, "{length}");
    }

    #[test]
    fn a_format_reads_as_it_is_written() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse::<Format>().ok(), Some(format));
        }
        assert!("campfire".parse::<Format>().is_err());
    }
}
