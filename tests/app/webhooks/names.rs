//! Where names lead: judged when they are dialled, and what was judged is dialled.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use cairn::webhooks::send::names::{Found, Names};
use cairn::webhooks::send::{Fault, Sender};
use futures_util::future::{BoxFuture, FutureExt as _, pending, ready};

use super::tries::{SOON, call, fault, guard};
use crate::support::misbehaving::{Misbehaving, Misdeed};

const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

/// A resolver that says one thing after the other, and the last one for ever.
#[derive(Default)]
struct Script {
    lines: Mutex<Vec<Line>>,
    asked: AtomicUsize,
}

#[derive(Clone)]
enum Line {
    At(&'static [&'static str]),
    Fails(io::ErrorKind),
    Never,
}

impl Names for Script {
    fn look_up(&self, _: &str) -> BoxFuture<'static, Found> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut lines = self.lines.lock().expect("nobody panics in here");
        let line = if lines.len() > 1 { lines.remove(0) } else { lines[0].clone() };
        match line {
            Line::At(addresses) => {
                let addresses =
                    addresses.iter().map(|ip| ip.parse::<IpAddr>().expect("an address"));
                ready(Ok(addresses.collect())).boxed()
            }
            Line::Fails(kind) => ready(Err(Arc::new(io::Error::from(kind)))).boxed(),
            Line::Never => pending().boxed(),
        }
    }
}

fn sender(lines: &[Line], allowed: &[&str]) -> (Sender, Arc<Script>) {
    let script = Arc::new(Script { lines: Mutex::new(lines.to_vec()), ..Script::default() });
    let names: Arc<dyn Names> = script.clone();
    let roots = rustls::RootCertStore::empty();
    (Sender::with(guard(allowed), names, roots).within(SOON), script)
}

#[tokio::test]
async fn a_name_that_is_not_found_or_never_answered_is_told_apart() {
    let missing = Line::Fails(io::ErrorKind::NotFound);
    let broken = Line::Fails(io::ErrorKind::TimedOut);
    for line in [missing, broken, Line::At(&[])] {
        let (sender, _) = sender(&[line], &["127.0.0.0/8"]);
        let outcome = call(&sender, "https://hooks.example/").await;
        assert_eq!((fault(&outcome), outcome.address), (Some(Fault::Dns), None));
        assert_eq!(outcome.timings.lookup, None);
    }
    let (sender, _) = sender(&[Line::Never], &["127.0.0.0/8"]);
    let outcome = call(&sender, "https://hooks.example/").await;
    assert_eq!(fault(&outcome), Some(Fault::Timeout));
    assert!(outcome.took < SOON * 4, "{:?}", outcome.took);
}

#[tokio::test]
async fn the_resolver_of_the_machine_says_that_a_name_does_not_exist() {
    // Names below .invalid exist nowhere (RFC 6761), whoever is asked.
    let outcome = call(&Sender::new(guard(&[])), "https://hooks.invalid/").await;
    assert_eq!(fault(&outcome), Some(Fault::Dns), "{outcome:?}");
}

#[tokio::test]
async fn a_name_that_turns_private_is_not_followed_there() {
    let receiver = Misbehaving::start(Misdeed::Say(NO_CONTENT)).await;
    let url = format!("http://hooks.example:{}/", receiver.port());
    let lines = [Line::At(&["127.0.0.1"]), Line::At(&["127.0.1.1"])];
    let (sender, script) = sender(&lines, &["127.0.0.0/24"]);
    let outcome = call(&sender, &url).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(204)));
    assert!(outcome.timings.lookup.is_some());
    assert_eq!(script.asked.load(Ordering::Relaxed), 1, "what was judged is dialled");

    let outcome = call(&sender, &url).await;
    assert_eq!((fault(&outcome), outcome.address), (Some(Fault::RefusedAddress), None));
    assert_eq!(script.asked.load(Ordering::Relaxed), 2, "each connection is judged anew");
    assert_eq!(receiver.connections(), 1);
}

#[tokio::test]
async fn one_private_address_among_public_ones_is_one_too_many() {
    for addresses in [
        &["1.1.1.1", "10.0.0.1"][..],
        &["2606:4700::1111", "::ffff:169.254.169.254"],
        &["64:ff9b::a9fe:a9fe"],
        &["fd00:ec2::254"],
    ] {
        let (sender, _) = sender(&[Line::At(addresses)], &[]);
        let outcome = call(&sender, "https://hooks.example/").await;
        assert_eq!(fault(&outcome), Some(Fault::RefusedAddress), "{addresses:?}");
        assert_eq!(outcome.address, None, "nobody was dialled");
    }
}

#[tokio::test]
async fn without_tls_a_name_must_lead_to_what_the_operator_allowed() {
    let (sender, _) = sender(&[Line::At(&["1.1.1.1"])], &["127.0.0.0/8"]);
    let outcome = call(&sender, "http://hooks.example/").await;
    assert_eq!((fault(&outcome), outcome.address), (Some(Fault::RefusedAddress), None));
}

#[tokio::test]
async fn a_host_with_one_deaf_address_is_reached_at_another() {
    let receiver = Misbehaving::start(Misdeed::Say(NO_CONTENT)).await;
    // Nobody listens at the first one.
    let (sender, _) = sender(&[Line::At(&["127.0.0.9", "127.0.0.1"])], &["127.0.0.0/8"]);
    let outcome = call(&sender, &format!("http://hooks.example:{}/", receiver.port())).await;
    assert_eq!((fault(&outcome), outcome.code), (None, Some(204)));
    assert_eq!(outcome.address.map(|ip| ip.to_string()).as_deref(), Some("127.0.0.1"));
}
