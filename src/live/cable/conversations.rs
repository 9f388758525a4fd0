//! Whole conversations by chance, in both dialects: after each step, what must hold is asked.
//!
//! A client says what is nearly right; a shell answers sooner or later, and takes back what it had
//! allowed. A model of what is open stands beside the machine.

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::live::any_text::{always, changed};

/// How many turns a conversation has at the most: enough to open all that may be open at once.
const TURNS: usize = 400;

/// One turn of a conversation.
#[derive(Debug, Clone)]
enum Turn {
    Subscribe(String, Option<Value>),
    Unsubscribe(String),
    /// What is understood in this dialect, and changes nothing.
    Aside(Index),
    /// What may be anything.
    Say(String),
    /// The shell allows one of those that wait for an answer, or one that does not.
    Confirm(Index),
    /// All that was missed has been told on one that is confirmed.
    CatchUp(Index),
    /// The shell refuses one, or takes it back.
    Reject(Index),
}

fn identifier() -> impl Strategy<Value = String> {
    let number = 0..120_u32;
    let good = number.prop_map(|number| match number % 4 {
        // As Rails' client orders what AnyCable's sorts.
        0 => format!(r#"{{"channel":"Turbo::StreamsChannel","signed_stream_name":"{number}"}}"#),
        1 => format!(
            r#"{{"channel":"Turbo::StreamsChannel","cursor":"7","signed_stream_name":"{number}"}}"#
        ),
        2 => format!(r#"{{"signed_stream_name":"{number}","channel":"$pubsub"}}"#),
        _ => format!(
            "{{ \"channel\" : \"$pubsub\", \"signed_stream_name\": \"{number}é\u{2028}\\n\" }}"
        ),
    });
    let odd = prop_oneof![
        Just(r#"{"channel":"Other","signed_stream_name":"7"}"#.to_owned()),
        Just(r#"{"channel":"$pubsub"}"#.to_owned()),
        Just(format!(r#"{{"channel":"$pubsub","signed_stream_name":"{}"}}"#, "x".repeat(4_000))),
        changed(Just(tests::IDENTIFIER.to_owned())),
        any::<String>(),
    ];
    prop_oneof![12 => good, 1 => odd]
}

fn history() -> impl Strategy<Value = Option<Value>> {
    let position = prop_oneof![
        4 => any::<i64>().prop_map(|offset| json!({ "epoch": "e1", "offset": offset })),
        1 => any::<String>().prop_map(|offset| json!({ "epoch": "e1", "offset": offset })),
        1 => any::<u64>().prop_map(|epoch| json!({ "epoch": epoch, "offset": epoch })),
    ];
    let streams = prop::collection::hash_map("[a-c]", position, 0..3);
    prop::option::of(streams.prop_map(|streams| json!({ "since": 1, "streams": streams })))
}

fn turn() -> impl Strategy<Value = Turn> {
    let nonsense = prop_oneof![
        changed(identifier().prop_map(|identifier| subscribe(&identifier, None))),
        any::<String>(),
        Just(subscribe(&"i".repeat(LONGEST_IDENTIFIER + 1), None)),
        Just("[".repeat(60_000)),
    ];
    prop_oneof![
        400 => (identifier(), history()).prop_map(|(id, history)| Turn::Subscribe(id, history)),
        150 => identifier().prop_map(Turn::Unsubscribe),
        60 => any::<Index>().prop_map(Turn::Aside),
        // Most of it ends the conversation.
        1 => nonsense.prop_map(Turn::Say),
        350 => any::<Index>().prop_map(Turn::Confirm),
        350 => any::<Index>().prop_map(Turn::CatchUp),
        60 => any::<Index>().prop_map(Turn::Reject),
    ]
}

fn subscribe(identifier: &str, history: Option<&Value>) -> String {
    let mut command = json!({ "command": "subscribe", "identifier": identifier });
    if let Some(history) = history {
        command["history"] = history.clone();
    }
    command.to_string()
}

/// How far a subscription is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asked,
    Confirmed,
    Told,
}

/// A conversation as it should be.
struct Model {
    cable: Cable,
    /// The subscriptions, and whether history was asked for.
    open: Vec<(String, Stage, bool)>,
    given_up: HashSet<String>,
    is_over: bool,
}

type Holds = Result<(), TestCaseError>;

impl Model {
    fn new(dialect: Dialect) -> Self {
        let cable = Cable::new(dialect);
        Self { cable, open: Vec::new(), given_up: HashSet::new(), is_over: false }
    }

    fn is_extended(&self) -> bool {
        self.cable.dialect == Dialect::Extended
    }

    fn take(&mut self, turn: &Turn) -> Holds {
        match turn {
            Turn::Subscribe(identifier, history) => self.subscribe(identifier, history.as_ref()),
            Turn::Unsubscribe(identifier) => self.unsubscribe(identifier),
            Turn::Aside(which) => self.aside(which),
            Turn::Say(text) => self.say(text),
            Turn::Confirm(which) => self.confirm(which),
            Turn::CatchUp(which) => self.catch_up(which),
            Turn::Reject(which) => self.reject(which),
        }?;
        self.is_bounded()
    }

    /// What any text whatever is answered with.
    fn receive(&mut self, text: &str) -> Result<Vec<Step>, TestCaseError> {
        let steps = self.cable.receive(text);
        for (at, step) in steps.iter().enumerate() {
            match step {
                Step::Send(said) => self.is_of_the_protocol(said)?,
                Step::Close => {
                    prop_assert_eq!(at + 1, steps.len(), "nothing is said after the end");
                    prop_assert_eq!(&steps, &invalid(), "it is said why");
                    self.is_over = true;
                }
                Step::Authorize { .. } | Step::Forget { .. } => {}
            }
        }
        Ok(steps)
    }

    fn is_of_the_protocol(&self, said: &str) -> Holds {
        let value: Value = serde_json::from_str(said).expect("JSON");
        let members = value.as_object().expect("an object").len();
        match value["type"].as_str().expect("a word of the protocol") {
            "confirm_subscription" | "reject_subscription" => {
                prop_assert!(members == 2 && value["identifier"].is_string(), "{}", said);
            }
            "confirm_history" => prop_assert!(self.is_extended() && members == 2, "{}", said),
            "pong" => prop_assert!(self.is_extended() && members == 1, "{}", said),
            "disconnect" => prop_assert!(value["reconnect"] == false && members == 3, "{}", said),
            word => prop_assert!(false, "the machine never says {}", word),
        }
        Ok(())
    }

    fn subscribe(&mut self, identifier: &str, history: Option<&Value>) -> Holds {
        let was = self.stage(identifier);
        let may_be_asked = is_known(identifier) && self.open.len() < MOST_SUBSCRIPTIONS;
        let steps = self.receive(&subscribe(identifier, history))?;
        match (was, &steps[..]) {
            (None, [Step::Authorize { identifier: asked, signed_name, positions }]) => {
                prop_assert!(may_be_asked, "{} was asked for", identifier);
                prop_assert_eq!(asked, identifier);
                let read: Value = serde_json::from_str(identifier).expect("an identifier");
                prop_assert_eq!(read["signed_stream_name"].as_str(), Some(signed_name.as_str()));
                let may_know = self.is_extended() && !self.given_up.contains(identifier);
                prop_assert!(positions.is_empty() || (may_know && history.is_some()));
                let asks = self.is_extended() && history.is_some();
                self.open.push((identifier.to_owned(), Stage::Asked, asks));
            }
            (None, [Step::Send(said)]) => {
                prop_assert!(!may_be_asked, "{} was refused", identifier);
                prop_assert_eq!(said, &echo(identifier, "reject_subscription"));
            }
            // Rails' client says it again until it hears of it; to AnyCable's it would be a reason to
            // leave.
            (Some(Stage::Told), [Step::Send(said)]) => {
                prop_assert!(!self.is_extended());
                prop_assert_eq!(said, &echo(identifier, "confirm_subscription"));
            }
            (Some(Stage::Told), []) => prop_assert!(self.is_extended()),
            // It is being answered.
            (Some(_), []) => {}
            _ => prop_assert!(false, "{} was answered with {:?}", identifier, steps),
        }
        Ok(())
    }

    fn unsubscribe(&mut self, identifier: &str) -> Holds {
        let command = json!({ "command": "unsubscribe", "identifier": identifier });
        let steps = self.receive(&command.to_string())?;
        if self.stage(identifier).is_some() {
            prop_assert_eq!(steps, vec![Step::Forget { identifier: identifier.to_owned() }]);
            self.open.retain(|(open, ..)| open != identifier);
            self.given_up.insert(identifier.to_owned());
        } else {
            prop_assert_eq!(steps, vec![]);
        }
        Ok(())
    }

    fn aside(&mut self, which: &Index) -> Holds {
        let asides: &[&str] = match self.cable.dialect {
            Dialect::Base => &["message"],
            Dialect::Extended => {
                &["message", "ping", "pong", "history", "whisper", "join", "leave", "presence"]
            }
        };
        let word = which.get(asides);
        let identifier = self.open.first().map_or("x", |(identifier, ..)| identifier);
        let command = json!({ "command": word, "identifier": identifier, "data": "{}" });
        let steps = self.receive(&command.to_string())?;
        let pong = vec![Step::Send(r#"{"type":"pong"}"#.to_owned())];
        prop_assert_eq!(steps, if *word == "ping" { pong } else { vec![] });
        Ok(())
    }

    fn say(&mut self, text: &str) -> Holds {
        for step in self.receive(text)? {
            match step {
                Step::Authorize { identifier, .. } => {
                    self.open.push((identifier, Stage::Asked, false));
                }
                Step::Forget { identifier } => self.open.retain(|(open, ..)| *open != identifier),
                Step::Send(_) | Step::Close => {}
            }
        }
        Ok(())
    }

    fn confirm(&mut self, which: &Index) -> Holds {
        let Some(at) = self.pick(which, Stage::Asked) else { return Ok(()) };
        let identifier = self.open[at].0.clone();
        let said = self.cable.confirm(&identifier);
        prop_assert_eq!(said, Step::Send(echo(&identifier, "confirm_subscription")));
        self.open[at].1 = Stage::Confirmed;
        Ok(())
    }

    fn catch_up(&mut self, which: &Index) -> Holds {
        let Some(at) = self.pick(which, Stage::Confirmed) else { return Ok(()) };
        let (identifier, _, asks) = self.open[at].clone();
        let expected = asks.then(|| Step::Send(echo(&identifier, "confirm_history")));
        prop_assert_eq!(self.cable.caught_up(&identifier), expected);
        self.open[at].1 = Stage::Told;
        Ok(())
    }

    fn reject(&mut self, which: &Index) -> Holds {
        if self.open.is_empty() {
            return Ok(());
        }
        let (identifier, ..) = self.open.remove(which.index(self.open.len()));
        let said = self.cable.reject(&identifier);
        prop_assert_eq!(said, Step::Send(echo(&identifier, "reject_subscription")));
        Ok(())
    }

    fn is_bounded(&self) -> Holds {
        let Cable { subscriptions, former, .. } = &self.cable;
        prop_assert_eq!(subscriptions.len(), self.open.len());
        prop_assert!(subscriptions.len() <= MOST_SUBSCRIPTIONS && former.len() <= MOST_FORMER);
        let longest = subscriptions.keys().chain(former).map(String::len).max();
        prop_assert!(longest.is_none_or(|longest| longest <= LONGEST_IDENTIFIER));
        Ok(())
    }

    fn stage(&self, identifier: &str) -> Option<Stage> {
        self.open.iter().find(|(open, ..)| open == identifier).map(|(_, stage, _)| *stage)
    }

    /// One of those that are as far as that.
    fn pick(&self, which: &Index, stage: Stage) -> Option<usize> {
        let there = self.open.iter().enumerate().filter(|(_, (_, is, _))| *is == stage);
        let there: Vec<usize> = there.map(|(at, _)| at).collect();
        (!there.is_empty()).then(|| *which.get(&there))
    }
}

/// Whether it names a stream, and a channel that there is.
fn is_known(identifier: &str) -> bool {
    let read: Value = serde_json::from_str(identifier).unwrap_or_default();
    read["signed_stream_name"].is_string()
        && (read["channel"] == "Turbo::StreamsChannel" || read["channel"] == "$pubsub")
}

/// Of an identifier, byte for byte as the client wrote it.
fn echo(identifier: &str, word: &str) -> String {
    let identifier = Value::from(identifier);
    format!(r#"{{"identifier":{identifier},"type":"{word}"}}"#)
}

#[test]
fn no_conversation_breaks_the_machine() {
    let dialect = prop::sample::select(vec![Dialect::Base, Dialect::Extended]);
    let turns = prop::collection::vec(turn(), 1..TURNS);
    always(&(dialect, turns), |(dialect, turns)| {
        let mut model = Model::new(dialect);
        for turn in &turns {
            model.take(turn)?;
            if model.is_over {
                break;
            }
        }
        Ok(())
    });
}

#[test]
fn no_text_is_too_strange_to_be_said_first() {
    let text = prop_oneof![
        2 => changed((identifier(), history()).prop_map(|(id, history)| subscribe(&id, history.as_ref()))),
        1 => any::<String>(),
        1 => any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    ];
    always(&(text, any::<bool>()), |(text, extended)| {
        let dialect = if extended { Dialect::Extended } else { Dialect::Base };
        Model::new(dialect).say(&text)
    });
}
