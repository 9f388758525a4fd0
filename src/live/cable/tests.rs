//! The machine against what the clients are known to say and to hear.

use super::*;

pub(super) const IDENTIFIER: &str =
    r#"{"channel":"Turbo::StreamsChannel","signed_stream_name":"a--b"}"#;

fn subscribe(identifier: &str) -> String {
    json!({ "command": "subscribe", "identifier": identifier }).to_string()
}

#[test]
fn what_is_said_is_what_the_client_reads() {
    let [base, extended] = [Dialect::Base, Dialect::Extended].map(Cable::new);
    assert_eq!(base.welcome("s1"), r#"{"type":"welcome"}"#);
    assert_eq!(extended.welcome("s1"), r#"{"type":"welcome","sid":"s1"}"#);
    assert_eq!(Cable::ping(1_795_430_604), r#"{"type":"ping","message":1795430604}"#);
    assert_eq!(
        Cable::disconnect("server_restart", true),
        r#"{"type":"disconnect","reason":"server_restart","reconnect":true}"#
    );
    let (frame, at) = (Frame::new(123, "<b>"), ("s", "e1"));
    assert_eq!(base.message(r#""i""#, &frame, at), r#"{"identifier":"i","message":"<b>"}"#);
    assert_eq!(
        extended.message(r#""i""#, &frame, at),
        r#"{"identifier":"i","message":"<b>","stream_id":"s","epoch":"e1","offset":123}"#
    );
}

#[test]
fn a_subscription_is_asked_for_once_and_confirmed_as_often_as_wanted() {
    let mut cable = Cable::new(Dialect::Base);
    assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![authorize([])]);
    assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![]);
    let confirmed = cable.confirm(IDENTIFIER);
    assert_eq!(cable.caught_up(IDENTIFIER), None);
    assert_eq!(cable.receive(&subscribe(IDENTIFIER)), vec![confirmed]);
}

fn authorize<const N: usize>(positions: [(&str, Cursor); N]) -> Step {
    let positions = positions.map(|(id, cursor)| (id.to_owned(), cursor)).into();
    Step::Authorize { identifier: IDENTIFIER.into(), signed_name: "a--b".into(), positions }
}

fn subscribe_from(history: &Value) -> String {
    json!({ "command": "subscribe", "identifier": IDENTIFIER, "history": history }).to_string()
}

#[test]
fn history_is_confirmed_once_and_begins_where_the_client_stands() {
    let mut cable = Cable::new(Dialect::Extended);
    let history =
        json!({ "since": 1_795_430_604, "streams": { "s": { "epoch": "e1", "offset": 123 } } });
    let cursor = Cursor { epoch: "e1".to_owned(), sequence: 123 };
    let steps = cable.receive(&subscribe_from(&history));
    assert_eq!(steps, vec![authorize([("s", cursor)])]);
    cable.confirm(IDENTIFIER);
    let told = json!({ "identifier": IDENTIFIER, "type": "confirm_history" }).to_string();
    assert_eq!(cable.caught_up(IDENTIFIER), Some(Step::Send(told)));
    assert_eq!(cable.caught_up(IDENTIFIER), None);
    // A second confirmation would make this client leave.
    assert_eq!(cable.receive(&subscribe_from(&history)), vec![]);
}

#[test]
fn a_page_from_the_cache_stands_where_it_was_rendered() {
    let mut cable = Cable::new(Dialect::Extended);
    let history = json!({ "streams": { "s": { "epoch": "e1", "offset": 123 } } });
    cable.receive(&subscribe_from(&history));
    cable.receive(&json!({ "command": "unsubscribe", "identifier": IDENTIFIER }).to_string());
    assert_eq!(cable.receive(&subscribe_from(&history)), vec![authorize([])]);
}

#[test]
fn what_is_no_position_is_none() {
    for position in
        [json!({ "epoch": "e1", "offset": "0/16B3748" }), json!({ "epoch": 7, "offset": 1 })]
    {
        let mut cable = Cable::new(Dialect::Extended);
        let history = json!({ "streams": { "s": position } });
        assert_eq!(cable.receive(&subscribe_from(&history)), vec![authorize([])]);
    }
}

#[test]
fn a_client_that_asks_whether_we_live_is_answered() {
    let pong = vec![Step::Send(r#"{"type":"pong"}"#.to_owned())];
    assert_eq!(Cable::new(Dialect::Extended).receive(r#"{"command":"ping"}"#), pong);
    assert_eq!(Cable::new(Dialect::Extended).receive(r#"{"command":"pong"}"#), vec![]);
    assert_eq!(Cable::new(Dialect::Base).receive(r#"{"command":"ping"}"#), invalid());
}

#[test]
fn the_channel_chooses_no_weaker_check() {
    let identifier = IDENTIFIER.replace("Turbo::StreamsChannel", "Other");
    let steps = Cable::new(Dialect::Base).receive(&subscribe(&identifier));
    assert_eq!(steps, vec![Step::Send(rejection(&identifier))]);
}

#[test]
fn an_identifier_without_end_closes_the_connection() {
    let steps = Cable::new(Dialect::Base).receive(&subscribe(&"i".repeat(LONGEST_IDENTIFIER + 1)));
    assert_eq!(steps, invalid());
}

#[test]
fn what_is_no_command_closes_the_connection() {
    for text in ["", "[]", "subscribe", "{}", r#"{"command":"dance"}"#, r#"{"command":7}"#] {
        assert_eq!(Cable::new(Dialect::Base).receive(text), invalid(), "{text:?}");
    }
}

#[test]
fn what_is_followed_again_is_asked_for_again() {
    let mut cable = Cable::new(Dialect::Base);
    cable.receive(&subscribe(IDENTIFIER));
    cable.confirm(IDENTIFIER);
    cable.caught_up(IDENTIFIER);
    let unsubscribe = json!({ "command": "unsubscribe", "identifier": IDENTIFIER }).to_string();
    let forget = Step::Forget { identifier: IDENTIFIER.into() };
    assert_eq!(cable.receive(&unsubscribe), vec![forget]);
    assert_eq!(cable.receive(&unsubscribe), vec![]);
    assert!(matches!(cable.receive(&subscribe(IDENTIFIER))[..], [Step::Authorize { .. }]));
}

#[test]
fn a_connection_follows_so_much_and_no_more() {
    let mut cable = Cable::new(Dialect::Base);
    for number in 0..MOST_SUBSCRIPTIONS {
        cable.confirm(&number.to_string());
    }
    let steps = cable.receive(&subscribe(IDENTIFIER));
    assert_eq!(steps, vec![Step::Send(rejection(IDENTIFIER))]);
}

#[test]
fn a_connection_that_gave_up_too_much_to_be_remembered_is_believed_nothing() {
    let mut cable = Cable::new(Dialect::Extended);
    for number in 0..2 * MOST_FORMER {
        let identifier = IDENTIFIER.replace("a--b", &number.to_string());
        cable.receive(&subscribe(&identifier));
        let unsubscribe = json!({ "command": "unsubscribe", "identifier": identifier });
        assert_eq!(cable.receive(&unsubscribe.to_string()), vec![Step::Forget { identifier }]);
    }
    assert_eq!(cable.former.len(), MOST_FORMER);
    let history = json!({ "streams": { "s": { "epoch": "e1", "offset": 123 } } });
    assert_eq!(cable.receive(&subscribe_from(&history)), vec![authorize([])]);
}
