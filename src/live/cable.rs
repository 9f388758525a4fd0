//! `actioncable-v1-json`, the protocol of `@rails/actioncable`, as a pure machine: text in,
//! steps for the socket out.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;

/// The subprotocol.
pub const PROTOCOL: &str = "actioncable-v1-json";

/// The most subscriptions of one connection.
const MOST_SUBSCRIPTIONS: usize = 64;

/// The longest identifier, in bytes: ours have some 400, and each is kept while it is followed.
const LONGEST_IDENTIFIER: usize = 4 * 1024;

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
#[derive(Debug, Default)]
pub struct Cable {
    subscriptions: HashMap<String, State>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Asked,
    Confirmed,
}

#[derive(Deserialize)]
struct Command {
    command: String,
    #[serde(default)]
    identifier: String,
}

#[derive(Deserialize)]
struct Identifier {
    channel: String,
    signed_stream_name: String,
}

impl Cable {
    /// What is said first.
    pub fn welcome() -> String {
        json!({ "type": "welcome" }).to_string()
    }

    /// The beat that tells the client the connection lives; in seconds since 1970.
    pub fn ping(now: i64) -> String {
        json!({ "type": "ping", "message": now }).to_string()
    }

    /// The last word before the connection is closed.
    pub fn disconnect(reason: &str, reconnect: bool) -> String {
        json!({ "type": "disconnect", "reason": reason, "reconnect": reconnect }).to_string()
    }

    /// A fragment for a subscription; both texts are JSON strings already, escaped once for all.
    pub fn message(identifier: &str, fragment: &str) -> String {
        format!(r#"{{"identifier":{identifier},"message":{fragment}}}"#)
    }

    /// Takes a text from the client.
    pub fn receive(&mut self, text: &str) -> Vec<Step> {
        let Ok(Command { command, identifier }) = serde_json::from_str(text) else {
            return invalid();
        };
        if identifier.len() > LONGEST_IDENTIFIER {
            return invalid();
        }
        match command.as_str() {
            "subscribe" => self.subscribe(identifier),
            "unsubscribe" => self.unsubscribe(identifier),
            // Streams take no messages; a client that sends one is not wrong.
            "message" => Vec::new(),
            _ => invalid(),
        }
    }

    /// The client repeats a subscription every 500 ms until it is confirmed, and again after it
    /// unsubscribed and subscribed anew: whatever is confirmed is confirmed again.
    fn subscribe(&mut self, identifier: String) -> Vec<Step> {
        match self.subscriptions.get(&identifier) {
            Some(State::Confirmed) => return vec![Step::Send(confirmation(&identifier))],
            Some(State::Asked) => return Vec::new(),
            None => {}
        }
        let Ok(read) = serde_json::from_str::<Identifier>(&identifier) else {
            return vec![Step::Send(rejection(&identifier))];
        };
        let welcome = read.channel == "Turbo::StreamsChannel";
        if !welcome || self.subscriptions.len() >= MOST_SUBSCRIPTIONS {
            return vec![Step::Send(rejection(&identifier))];
        }
        self.subscriptions.insert(identifier.clone(), State::Asked);
        vec![Step::Authorize { identifier, signed_name: read.signed_stream_name }]
    }

    fn unsubscribe(&mut self, identifier: String) -> Vec<Step> {
        match self.subscriptions.remove(&identifier) {
            Some(_) => vec![Step::Forget { identifier }],
            None => Vec::new(),
        }
    }

    /// The name may be followed.
    pub fn confirm(&mut self, identifier: &str) -> Step {
        self.subscriptions.insert(identifier.to_owned(), State::Confirmed);
        Step::Send(confirmation(identifier))
    }

    /// It may not.
    pub fn reject(&mut self, identifier: &str) -> Step {
        self.subscriptions.remove(identifier);
        Step::Send(rejection(identifier))
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const IDENTIFIER: &str = r#"{"channel":"Turbo::StreamsChannel","signed_stream_name":"a--b"}"#;

    fn subscribe(identifier: &str) -> String {
        json!({ "command": "subscribe", "identifier": identifier }).to_string()
    }

    #[test]
    fn what_is_said_is_what_the_client_reads() {
        assert_eq!(Cable::welcome(), r#"{"type":"welcome"}"#);
        assert_eq!(Cable::ping(1_795_430_604), r#"{"type":"ping","message":1795430604}"#);
        assert_eq!(
            Cable::disconnect("server_restart", true),
            r#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#
        );
        assert_eq!(Cable::message(r#""i""#, r#""<b>""#), r#"{"identifier":"i","message":"<b>"}"#);
    }

    #[test]
    fn a_subscription_is_asked_for_once_and_confirmed_as_often_as_wanted() {
        let mut cable = Cable::default();
        let authorize =
            Step::Authorize { identifier: IDENTIFIER.into(), signed_name: "a--b".into() };
        assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![authorize]);
        assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![]);
        let confirmed = cable.confirm(IDENTIFIER);
        assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![confirmed]);
    }

    #[test]
    fn the_channel_chooses_no_weaker_check() {
        let identifier = IDENTIFIER.replace("Turbo::StreamsChannel", "Other");
        let steps = Cable::default().receive(&subscribe(&identifier));
        assert_eq!(steps, vec![Step::Send(rejection(&identifier))]);
    }

    #[test]
    fn an_identifier_without_end_closes_the_connection() {
        let steps = Cable::default().receive(&subscribe(&"i".repeat(LONGEST_IDENTIFIER + 1)));
        assert_eq!(steps, invalid());
    }

    #[test]
    fn what_is_no_command_closes_the_connection() {
        for text in ["", "[]", "subscribe", "{}", r#"{"command":"dance"}"#, r#"{"command":7}"#] {
            assert_eq!(Cable::default().receive(text), invalid(), "{text:?}");
        }
    }

    #[test]
    fn what_is_followed_again_is_asked_for_again() {
        let mut cable = Cable::default();
        cable.receive(&subscribe(IDENTIFIER));
        cable.confirm(IDENTIFIER);
        let unsubscribe = json!({ "command": "unsubscribe", "identifier": IDENTIFIER }).to_string();
        let forget = Step::Forget { identifier: IDENTIFIER.into() };
        assert_eq!(cable.receive(&unsubscribe), vec![forget]);
        assert_eq!(cable.receive(&unsubscribe), vec![]);
        assert!(matches!(cable.receive(&subscribe(IDENTIFIER))[..], [Step::Authorize { .. }]));
    }

    #[test]
    fn a_connection_follows_so_much_and_no_more() {
        let mut cable = Cable::default();
        for number in 0..MOST_SUBSCRIPTIONS {
            cable.confirm(&number.to_string());
        }
        let steps = cable.receive(&subscribe(IDENTIFIER));
        assert_eq!(steps, vec![Step::Send(rejection(IDENTIFIER))]);
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_machine(texts in prop::collection::vec(any::<String>(), 1..20), command in "[a-z]{0,12}", identifier in any::<String>()) {
            let mut cable = Cable::default();
            for text in texts {
                cable.receive(&text);
                cable.receive(&json!({ "command": command, "identifier": identifier }).to_string());
                cable.receive(&subscribe(&identifier));
            }
            prop_assert!(cable.subscriptions.len() <= MOST_SUBSCRIPTIONS);
        }
    }
}
