//! `actioncable-v1-json`, the protocol of `@rails/actioncable`, and `actioncable-v1-ext-json`, AnyCable's
//! extension of it with history, as a pure machine: text in, steps for the socket out.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Cursor, Frame};

/// What the machine speaks: what the two clients take ill differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// `@rails/actioncable` repeats a subscription until it is confirmed, and must be confirmed again.
    Base,
    /// `@anycable/core` takes a second confirmation for a reason to leave. It sends and takes
    /// positions.
    Extended,
}

impl Dialect {
    /// The subprotocols, the one we would rather speak first.
    pub const PROTOCOLS: [&str; 2] = ["actioncable-v1-ext-json", "actioncable-v1-json"];

    /// The dialect of a subprotocol that was agreed on.
    pub fn of(protocol: &str) -> Option<Self> {
        let [extended, base] = Self::PROTOCOLS;
        match protocol {
            _ if protocol == extended => Some(Self::Extended),
            _ if protocol == base => Some(Self::Base),
            _ => None,
        }
    }
}

/// The most subscriptions of one connection.
const MOST_SUBSCRIPTIONS: usize = 64;

/// The longest identifier, in bytes: ours have some 400, and each is kept while it is followed.
const LONGEST_IDENTIFIER: usize = 4 * 1024;

/// Of so many former subscriptions a connection is remembered to have had them.
const MOST_FORMER: usize = 256;

/// What stands around a fragment and its labels, in bytes at the most.
const FRAME: usize = 96;

/// A stream element that changes nothing: it carries a position.
pub const NOTHING: &str =
    r##"<turbo-stream action="remove" targets="#no-such-id"></turbo-stream>"##;

/// What the socket is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Send this text.
    Send(String),
    /// Ask whether this signed name may be followed, and answer by [`Cable::confirm`] or
    /// [`Cable::reject`].
    Authorize {
        /// The identifier, as the client wrote it.
        identifier: String,
        /// The signed name in it.
        signed_name: String,
        /// Where the client says that it stands, by the ids of streams.
        positions: HashMap<String, Cursor>,
    },
    /// Follow no more what goes by this identifier.
    Forget {
        /// The identifier, as the client wrote it.
        identifier: String,
    },
    /// Close the connection after what was sent.
    Close,
}

/// One connection's side of the protocol.
#[derive(Debug)]
pub struct Cable {
    dialect: Dialect,
    subscriptions: HashMap<String, State>,
    /// What was followed on this connection and is no more: the client knows it by heart, and would
    /// say of a page from its cache that it stands where the page before it stood.
    former: HashSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Asked for, with or without history.
    Asked(bool),
    Confirmed,
}

#[derive(Deserialize)]
struct Command {
    command: String,
    #[serde(default)]
    identifier: String,
    history: Option<History>,
}

#[derive(Deserialize)]
struct History {
    #[serde(default)]
    streams: HashMap<String, Position>,
}

/// A client gives back what it was given; whatever it makes of it is no position.
#[derive(Deserialize)]
struct Position {
    epoch: Value,
    offset: Value,
}

#[derive(Deserialize)]
struct Identifier {
    channel: String,
    signed_stream_name: String,
}

impl Cable {
    /// A connection that has said nothing yet.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, subscriptions: HashMap::new(), former: HashSet::new() }
    }

    /// What is said first. It is never `restored`: the client subscribes anew, and is asked anew
    /// whether it may.
    pub fn welcome(&self, sid: &str) -> String {
        match self.dialect {
            Dialect::Base => json!({ "type": "welcome" }).to_string(),
            Dialect::Extended => json!({ "type": "welcome", "sid": sid }).to_string(),
        }
    }

    /// The beat that tells the client the connection lives; in seconds since 1970.
    pub fn ping(now: i64) -> String {
        format!(r#"{{"type":"ping","message":{now}}}"#)
    }

    /// The last word before the connection is closed.
    pub fn disconnect(reason: &str, reconnect: bool) -> String {
        json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect }).to_string()
    }

    /// A fragment for a subscription. The identifier is a JSON string already, like the fragment;
    /// `stream_id` and `epoch` need no escaping.
    pub fn message(
        &self,
        identifier: &str,
        frame: &Frame,
        (stream_id, epoch): (&str, &str),
    ) -> String {
        let Frame { sequence, fragment, .. } = frame;
        // Made to measure: it is written for every fragment and every follower.
        let length = identifier.len() + fragment.len() + stream_id.len() + epoch.len() + FRAME;
        let mut message = String::with_capacity(length);
        message.extend([r#"{"identifier":"#, identifier, r#","message":"#, fragment]);
        if self.dialect == Dialect::Extended {
            message.extend([r#","stream_id":""#, stream_id, r#"","epoch":""#, epoch]);
            message += &format!(r#"","offset":{sequence}"#);
        }
        message.push('}');
        message
    }

    /// Takes a text from the client.
    pub fn receive(&mut self, text: &str) -> Vec<Step> {
        let Ok(Command { command, identifier, history }) = serde_json::from_str(text) else {
            return invalid();
        };
        if identifier.len() > LONGEST_IDENTIFIER {
            return invalid();
        }
        match (command.as_str(), self.dialect) {
            ("subscribe", _) => self.subscribe(identifier, history),
            ("unsubscribe", _) => self.unsubscribe(identifier),
            // Streams take no messages; a client that sends one is not wrong.
            ("message", _) => Vec::new(),
            ("ping", Dialect::Extended) => vec![Step::Send(r#"{"type":"pong"}"#.to_owned())],
            ("pong" | "history" | "whisper" | "join" | "leave" | "presence", Dialect::Extended) => {
                Vec::new()
            }
            _ => invalid(),
        }
    }

    fn subscribe(&mut self, identifier: String, history: Option<History>) -> Vec<Step> {
        match (self.subscriptions.get(&identifier), self.dialect) {
            (Some(State::Confirmed), Dialect::Base) => {
                return vec![Step::Send(confirmation(&identifier))];
            }
            (Some(_), _) => return Vec::new(),
            (None, _) => {}
        }
        let Ok(read) = serde_json::from_str::<Identifier>(&identifier) else {
            return vec![Step::Send(rejection(&identifier))];
        };
        let welcome = ["Turbo::StreamsChannel", "$pubsub"].contains(&read.channel.as_str());
        if !welcome || self.subscriptions.len() >= MOST_SUBSCRIPTIONS {
            return vec![Step::Send(rejection(&identifier))];
        }
        let asks = history.is_some() && self.dialect == Dialect::Extended;
        self.subscriptions.insert(identifier.clone(), State::Asked(asks));
        let positions = self.positions(&identifier, history);
        vec![Step::Authorize { identifier, signed_name: read.signed_stream_name, positions }]
    }

    fn positions(&self, identifier: &str, history: Option<History>) -> HashMap<String, Cursor> {
        let may_know = self.dialect == Dialect::Extended
            && self.former.len() < MOST_FORMER
            && !self.former.contains(identifier);
        let streams = history.filter(|_| may_know).map(|history| history.streams);
        let position = |(id, Position { epoch, offset }): (String, Position)| {
            let (epoch, sequence) = (epoch.as_str()?.to_owned(), offset.as_i64()?);
            Some((id, Cursor { epoch, sequence }))
        };
        streams.into_iter().flatten().filter_map(position).collect()
    }

    fn unsubscribe(&mut self, identifier: String) -> Vec<Step> {
        if self.subscriptions.remove(&identifier).is_none() {
            return Vec::new();
        }
        if self.dialect == Dialect::Extended && self.former.len() < MOST_FORMER {
            self.former.insert(identifier.clone());
        }
        vec![Step::Forget { identifier }]
    }

    /// The name may be followed.
    pub fn confirm(&mut self, identifier: &str) -> Step {
        // Whether history was asked for is needed until it was told.
        self.subscriptions.entry(identifier.to_owned()).or_insert(State::Asked(false));
        Step::Send(confirmation(identifier))
    }

    /// What was missed has been told; what is said then, if the client asked for it.
    pub fn caught_up(&mut self, identifier: &str) -> Option<Step> {
        let state = self.subscriptions.insert(identifier.to_owned(), State::Confirmed);
        let said = json!({ "identifier": identifier, "type": "confirm_history" }).to_string();
        (state == Some(State::Asked(true))).then_some(Step::Send(said))
    }

    /// It may not.
    pub fn reject(&mut self, identifier: &str) -> Step {
        self.subscriptions.remove(identifier);
        Step::Send(rejection(identifier))
    }

    /// Whether the client keeps a subscription though its page was loaded anew.
    pub fn keeps_subscriptions(&self) -> bool {
        self.dialect == Dialect::Extended
    }

    /// Whether positions go with every message, so that one is sent even when nothing was missed.
    pub fn tells_positions(&self) -> bool {
        self.dialect == Dialect::Extended
    }
}

fn invalid() -> Vec<Step> {
    vec![Step::Send(Cable::disconnect("invalid_request", false)), Step::Close]
}

fn confirmation(identifier: &str) -> String {
    json!({ "identifier": identifier, "type": "confirm_subscription" }).to_string()
}

fn rejection(identifier: &str) -> String {
    json!({ "identifier": identifier, "type": "reject_subscription" }).to_string()
}

#[cfg(test)]
mod conversations;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
