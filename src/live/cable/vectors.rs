//! Texts as they go over the wire, byte for byte: what the two clients say, and what they understand.

use super::*;

/// `JSON.stringify` of Rails' client keeps the order in which the element has its attributes; of
/// `data-*` ones the names are in snake case.
const RAILS: &str = r#"{"channel":"Turbo::StreamsChannel","signed_stream_name":"x0--1","cursor":"77","last_seen_at":"9"}"#;

/// AnyCable's client sorts them.
const ANYCABLE: &str = r#"{"channel":"Turbo::StreamsChannel","cursor":"77","last_seen_at":"9","signed_stream_name":"x0--1"}"#;

/// `a` as a JSON string in a JSON string.
fn quoted(identifier: &str) -> String {
    identifier.replace('"', "\\\"")
}

fn authorize(identifier: &str, positions: HashMap<String, Cursor>) -> Vec<Step> {
    let (identifier, signed_name) = (identifier.to_owned(), "x0--1".to_owned());
    vec![Step::Authorize { identifier, signed_name, positions }]
}

fn sent(text: &str) -> Step {
    Step::Send(text.to_owned())
}

#[test]
fn identifiers_are_echoed_in_the_order_in_which_each_client_writes_them() {
    for (identifier, dialect) in [(RAILS, Dialect::Base), (ANYCABLE, Dialect::Extended)] {
        let quoted = quoted(identifier);
        let mut cable = Cable::new(dialect);
        let subscribe = format!(r#"{{"command":"subscribe","identifier":"{quoted}"}}"#);
        assert_eq!(cable.receive(&subscribe), authorize(identifier, HashMap::new()));
        let confirmed = format!(r#"{{"identifier":"{quoted}","type":"confirm_subscription"}}"#);
        assert_eq!(cable.confirm(identifier), Step::Send(confirmed));
        let rejected = format!(r#"{{"identifier":"{quoted}","type":"reject_subscription"}}"#);
        assert_eq!(cable.reject(identifier), Step::Send(rejected));
    }
}

#[test]
fn what_rails_says_is_understood_and_answered_as_it_expects() {
    let quoted = quoted(RAILS);
    let mut cable = Cable::new(Dialect::Base);
    let subscribe = format!(r#"{{"command":"subscribe","identifier":"{quoted}"}}"#);
    let speak = format!(
        r#"{{"command":"message","identifier":"{quoted}","data":"{{\"action\":\"speak\",\"body\":\"hi\"}}"}}"#
    );
    let unsubscribe = format!(r#"{{"command":"unsubscribe","identifier":"{quoted}"}}"#);
    assert_eq!(cable.receive(&subscribe).len(), 1);
    cable.confirm(RAILS);
    assert_eq!(cable.caught_up(RAILS), None);
    assert_eq!(cable.receive(&speak), []);
    assert_eq!(cable.receive(&unsubscribe), [Step::Forget { identifier: RAILS.to_owned() }]);
}

#[test]
fn each_reason_to_end_a_connection_is_said_as_the_clients_read_it() {
    for (reason, reconnect, said) in [
        (
            "unauthorized",
            false,
            r#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#,
        ),
        (
            "invalid_request",
            false,
            r#"{"type":"disconnect","reason":"invalid_request","reconnect":false}"#,
        ),
        (
            "server_restart",
            true,
            r#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#,
        ),
        ("remote", true, r#"{"type":"disconnect","reason":"remote","reconnect":true}"#),
    ] {
        assert_eq!(Cable::disconnect(reason, reconnect), said);
    }
}

#[test]
fn a_session_is_never_restored() {
    for dialect in [Dialect::Base, Dialect::Extended] {
        assert!(!Cable::new(dialect).welcome("s1ab").contains("restored"));
    }
}

#[test]
fn what_anycable_says_is_understood_and_answered_as_it_expects() {
    let quoted = quoted(ANYCABLE);
    let first = format!(
        r#"{{"command":"subscribe","identifier":"{quoted}","history":{{"since":1795430604,"streams":{{}}}}}}"#
    );
    let mut cable = Cable::new(Dialect::Extended);
    assert_eq!(cable.receive(&first), authorize(ANYCABLE, HashMap::new()));
    let confirmed = format!(r#"{{"identifier":"{quoted}","type":"confirm_subscription"}}"#);
    assert_eq!(cable.confirm(ANYCABLE), Step::Send(confirmed));
    let told = format!(r#"{{"identifier":"{quoted}","type":"confirm_history"}}"#);
    assert_eq!(cable.caught_up(ANYCABLE), Some(Step::Send(told)));

    // A new connection, after a loss.
    let again = format!(
        r#"{{"command":"subscribe","identifier":"{quoted}","history":{{"since":1795430604,"streams":{{"board:42/n0":{{"epoch":"e1","offset":123}}}}}}}}"#
    );
    let position = Cursor { epoch: "e1".to_owned(), sequence: 123 };
    let positions = HashMap::from([("board:42/n0".to_owned(), position)]);
    assert_eq!(Cable::new(Dialect::Extended).receive(&again), authorize(ANYCABLE, positions));
}

#[test]
fn what_anycable_may_say_besides_is_borne() {
    let quoted = quoted(ANYCABLE);
    let mut cable = Cable::new(Dialect::Extended);
    for said in [
        r#"{"command":"pong"}"#.to_owned(),
        format!(
            r#"{{"command":"history","identifier":"{quoted}","history":{{"since":1,"streams":{{}}}}}}"#
        ),
        format!(
            r#"{{"command":"join","identifier":"{quoted}","presence":{{"id":"42","info":{{"name":"Olive"}}}}}}"#
        ),
        format!(r#"{{"command":"leave","identifier":"{quoted}","presence":{{"id":"42"}}}}"#),
        format!(r#"{{"command":"presence","identifier":"{quoted}"}}"#),
        format!(r#"{{"command":"whisper","identifier":"{quoted}","data":{{"typing":true}}}}"#),
    ] {
        assert_eq!(cable.receive(&said), [], "{said}");
        // Rails' client says none of it.
        assert_eq!(Cable::new(Dialect::Base).receive(&said), invalid(), "{said}");
    }
    assert_eq!(cable.receive(r#"{"command":"ping"}"#), [sent(r#"{"type":"pong"}"#)]);
}

#[test]
fn a_fragment_goes_out_with_its_position_to_those_who_keep_it() {
    let html = "<turbo-stream action=\"remove\" target=\"card_1\"></turbo-stream>\n";
    let (frame, at) = (Frame::new(123, html), ("board:42/n0", "e1"));
    for (identifier, dialect, position) in [
        (RAILS, Dialect::Base, ""),
        (ANYCABLE, Dialect::Extended, r#","stream_id":"board:42/n0","epoch":"e1","offset":123"#),
    ] {
        let escaped = Value::from(identifier).to_string();
        let expected = format!(
            r#"{{"identifier":"{}","message":"<turbo-stream action=\"remove\" target=\"card_1\"></turbo-stream>\n"{position}}}"#,
            quoted(identifier)
        );
        assert_eq!(Cable::new(dialect).message(&escaped, &frame, at), expected);
    }
}
