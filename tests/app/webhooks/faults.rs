//! Receivers that misbehave: each try ends soon, costs little, and says what was wrong.

use std::net::TcpListener;

use cairn::values::clock;
use cairn::webhooks::send::{Fault, Sender, Try};
use time::Duration;

use super::tries::{SOON, call, call_at, fault, sender, signing};
use super::*;
use crate::support::misbehaving::{Misbehaving, Misdeed};

async fn suffer(misdeed: Misdeed) -> (Misbehaving, Try) {
    let receiver = Misbehaving::start(misdeed).await;
    let outcome = call(&sender().within(SOON), &receiver.url("http")).await;
    (receiver, outcome)
}

/// Waits until the receiver was hung up on.
async fn hung_up_on(receiver: &Misbehaving) {
    until("the connection to end", async || (receiver.ended() == 1).then_some(())).await;
}

#[tokio::test]
async fn a_head_that_drips_is_not_waited_for() {
    let (receiver, outcome) = suffer(Misdeed::DripHead).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Timeout), None));
    assert!(outcome.took < SOON * 4, "{:?}", outcome.took);
    assert_eq!(outcome.timings.first_byte, None);
    hung_up_on(&receiver).await;
}

#[tokio::test]
async fn a_body_that_drips_is_not_waited_for_and_has_not_arrived() {
    let (receiver, outcome) = suffer(Misdeed::DripBody).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Timeout), Some(200)));
    assert!(outcome.body.starts_with(b"..."), "{:?}", outcome.body);
    assert!(outcome.took < SOON * 4, "{:?}", outcome.took);
    hung_up_on(&receiver).await;
}

#[tokio::test]
async fn of_a_body_without_end_only_the_head_is_read() {
    let (receiver, outcome) = suffer(Misdeed::EndlessBody).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(200)));
    assert_eq!(outcome.body.len(), 64 * 1024);
    hung_up_on(&receiver).await;
    // The rest of what it said is in the buffers of the two sockets.
    assert!(receiver.said() < 16 * 1024 * 1024, "it said {}", receiver.said());
}

#[tokio::test]
async fn what_is_packed_is_not_unpacked() {
    // A thousand zeros.
    const PACKED: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03c`\x18\x05\xa3`\x14\x0cw\0\0\
        \x80\x17\x0b\x06\xe8\x03\0\0";
    let answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 29\r\n\r\n";
    let whole: &'static [u8] = [answer, PACKED].concat().leak();
    let (_, outcome) = suffer(Misdeed::Say(whole)).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(200)));
    assert_eq!(outcome.body, PACKED);
    assert!(!outcome.sent.contains("accept-encoding"), "{}", outcome.sent);
}

#[tokio::test]
async fn headers_of_100_kilobytes_are_refused() {
    let (receiver, outcome) = suffer(Misdeed::HugeHead).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::TooLarge), None));
    hung_up_on(&receiver).await;
}

#[tokio::test]
async fn going_on_for_ever_is_no_answer() {
    let begun = std::time::Instant::now();
    let receiver = Misbehaving::start(Misdeed::Continue).await;
    let outcome = call(&sender(), &receiver.url("http")).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::TooLarge), None));
    assert!(begun.elapsed().as_secs() < 10, "it ended long before the deadline");
    hung_up_on(&receiver).await;
}

#[tokio::test]
async fn what_breaks_off_has_not_arrived() {
    let half = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf";
    for misdeed in [Misdeed::Reset(half), Misdeed::HalfClose(half), Misdeed::Say(half)] {
        let (_, outcome) = suffer(misdeed).await;
        assert_eq!(fault(&outcome), Some(Fault::Broken), "{misdeed:?}: {outcome:?}");
        assert_eq!(outcome.code, Some(200), "{misdeed:?}");
    }
    for misdeed in [Misdeed::Reset(b""), Misdeed::HalfClose(b""), Misdeed::Say(b"")] {
        let (_, outcome) = suffer(misdeed).await;
        assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Broken), None), "{misdeed:?}");
    }
    for bytes in [b"SSH-2.0-OpenSSH_9.2\r\n".as_slice(), b"HTTP/1.1 2000 OK\r\n\r\n", b"\0\0\0\0"] {
        let (_, outcome) = suffer(Misdeed::Say(bytes)).await;
        assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Broken), None), "{bytes:?}");
    }
}

#[tokio::test]
async fn a_whole_answer_before_a_half_close_has_arrived() {
    let whole = b"HTTP/1.1 204 No Content\r\n\r\n";
    let (_, outcome) = suffer(Misdeed::HalfClose(whole)).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(204)));
}

#[tokio::test]
async fn nobody_there_is_told_apart() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("its address").port()
    };
    let outcome = call(&sender(), &format!("http://127.0.0.1:{port}/")).await;
    assert_eq!(fault(&outcome), Some(Fault::Connect));
    assert_eq!(outcome.address.map(|ip| ip.to_string()).as_deref(), Some("127.0.0.1"));
    assert_eq!((outcome.timings.connect, outcome.timings.first_byte), (None, None));
    let guarded = Sender::new(tries::guard(&[]));
    for url in ["https://10.0.0.1/", "http://127.0.0.1/", "https://[64:ff9b::a00:1]/"] {
        let outcome = call(&guarded, url).await;
        assert_eq!(fault(&outcome), Some(Fault::RefusedAddress), "{url}");
        assert_eq!(outcome.address, None, "{url}: nobody was dialled");
    }
}

#[tokio::test]
async fn a_redirect_into_the_network_is_not_followed() {
    let sink = Sink::start().await;
    for status in [301, 302, 303, 307, 308] {
        let metadata = "http://169.254.169.254/latest/meta-data".to_owned();
        sink.will_answer([sink::Answer::With(status, "location", metadata)]);
        let outcome = call(&sender(), &sink.url("/hook")).await;
        assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Redirect), Some(status)));
        assert_eq!(outcome.address.map(|ip| ip.to_string()).as_deref(), Some("127.0.0.1"));
    }
    assert_eq!(sink.calls().len(), 5);
}

#[tokio::test]
async fn the_timestamp_is_what_the_clock_of_the_sender_says_and_it_is_signed() {
    let sink = Sink::start().await;
    let signing = signing();
    for skew in [Duration::minutes(-10), Duration::ZERO, Duration::minutes(10)] {
        let now = clock::now() + skew;
        call_at(&sender(), &sink.url("/hook"), &signing, now).await;
        let call = sink.calls().pop().expect("a call");
        assert_eq!(call.header("webhook-timestamp"), now.unix_timestamp().to_string());
        is_signed(&call, signing.newer.shown().reveal());
    }
}

#[tokio::test]
async fn a_try_tells_where_it_went_what_it_said_and_how_long_each_part_took() {
    let sink = Sink::start().await;
    let sender = sender();
    sink.will_answer([sink::Answer::With(503, "retry-after", "120".to_owned())]);
    let first = call(&sender, &sink.url("/hook?key=hidden")).await;
    assert_eq!((fault(&first), first.code), (Some(Fault::Status), Some(503)));
    assert_eq!(first.retry_after.as_deref(), Some("120"));
    assert!(first.answered.contains("retry-after: 120\n"), "{}", first.answered);
    let call_seen = sink.calls().remove(0);
    for (name, value) in &call_seen.headers {
        let value = value.to_str().expect("text");
        let kept = match name.as_str().contains("signature") {
            true => format!("{name}: {}…\n", &value[..8]),
            false => format!("{name}: {value}\n"),
        };
        assert!(first.sent.contains(&kept), "{kept:?} is not in {}", first.sent);
    }
    assert_eq!(first.sent.lines().count(), call_seen.headers.len());
    assert!(!first.sent.contains("hidden"), "{}", first.sent);
    let timings = first.timings;
    assert!(timings.connect.is_some() && timings.first_byte.is_some(), "{timings:?}");
    assert!(timings.first_byte <= Some(first.took) && timings.connect <= timings.first_byte);
    assert_eq!((timings.lookup, timings.tls), (None, None), "there was nothing to look up");

    let second = call(&sender, &sink.url("/hook")).await;
    assert_eq!(second.timings.connect, None, "the connection was open already");
    assert_eq!(second.address, first.address);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_as_a_call_went_out_is_no_fault() {
    let (sender, receiver) = (sender(), Misbehaving::start(Misdeed::Leave(b"")).await);
    // Not every call meets the connection of the one before: it is put back in a moment.
    until("a second call over one connection", async || {
        let outcome = call(&sender, &receiver.url("http")).await;
        assert_eq!((fault(&outcome), outcome.code), (None, Some(204)), "{outcome:?}");
        assert!(outcome.address.is_some());
        (receiver.said() > 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_broke_off_over_a_kept_connection_is_not_asked_for_again() {
    let (sender, receiver) = (sender(), Misbehaving::start(Misdeed::Leave(b"HTTP/1.1 2")).await);
    let broken = until("a second call over one connection", async || {
        let outcome = call(&sender, &receiver.url("http")).await;
        outcome.failure.is_some().then_some(outcome)
    })
    .await;
    assert_eq!((fault(&broken), broken.code), (Some(Fault::Broken), None));
    assert_eq!(receiver.said(), 1);
}

#[tokio::test]
async fn a_new_connection_that_is_closed_without_an_answer_is_a_fault() {
    let (receiver, outcome) = suffer(Misdeed::Say(b"")).await;
    assert_eq!((fault(&outcome), outcome.code), (Some(Fault::Broken), None));
    assert_eq!(receiver.connections(), 1, "it is not called again");
}
