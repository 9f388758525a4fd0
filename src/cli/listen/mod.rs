//! `cairn listen`: brings an account’s events to a receiver on this very machine, called as a
//! webhook endpoint is.

mod source;

use std::env;
use std::time::Duration;

use ipnet::IpNet;
use tokio::time::sleep;
use url::Url;

use crate::app::Failure;
use crate::values::secret::Secret;
use crate::values::{Slug, clock};
use crate::webhooks::Guard;
use crate::webhooks::headers::Headers;
use crate::webhooks::send::{Failure as Failed, Message, Sender, Try};
use crate::webhooks::signature::{Signing, SigningSecret};
use source::{Answer, Event, Source};

/// Where the token is kept: on a command line others could read it.
const TOKEN: &str = "CAIRN_TOKEN";

/// How often is asked what is new.
const EVERY: Duration = Duration::from_secs(1);

/// The longest wait before a server that is away is asked again, or a receiver called again.
const LONGEST: Duration = Duration::from_secs(15);

/// This machine, and everywhere.
const LOOPBACK: [&str; 2] = ["127.0.0.0/8", "::1/128"];
const ANYWHERE: [&str; 2] = ["0.0.0.0/0", "::/0"];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where Cairn is.
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    server: Url,
    /// The account’s name in addresses.
    #[arg(long, value_parser = Slug::parse)]
    account: Slug,
    /// The receiver to call, such as http://127.0.0.1:4000/.
    #[arg(long)]
    forward: Url,
    /// Begin after this number of the account’s log, not with what happens from now on.
    #[arg(long)]
    after: Option<i64>,
    /// Let the receiver be on another machine.
    #[arg(long)]
    anywhere: bool,
}

/// A receiver, and how it is called.
struct Receiver {
    url: Url,
    sender: Sender,
    signing: Signing,
    calls: i64,
}

impl Arguments {
    /// Listens until Ctrl-C. It needs no database: all that it knows it asks the server for.
    pub(super) async fn execute(self) -> Result<(), Failure> {
        let token = env::var(TOKEN).ok().filter(|token| !token.is_empty()).ok_or_else(|| {
            Failure::wrong(format!("set {TOKEN} to a token of the API; one is made under Tokens"))
        })?;
        let networks = if self.anywhere { ANYWHERE } else { LOOPBACK };
        let guard = Guard::new(networks.map(|it| it.parse::<IpNet>().expect("it is one")).into());
        if guard.vet(self.forward.as_str()).await.is_err() || !self.is_near(&guard).await {
            return Err(Failure::wrong(format!(
                "{} is not on this machine; say --anywhere if it shall be called all the same",
                self.forward
            )));
        }
        let secret = SigningSecret::new();
        println!("Calls to {} are signed with {}", self.forward, secret.shown().reveal());
        let (sender, signing) = (Sender::new(guard), Signing::of(secret));
        let receiver = Receiver { url: self.forward, sender, signing, calls: 0 };
        let source = Source::new(&self.server, &self.account, Secret::new(token))?;
        let mut after = self.after;
        tokio::select! {
            failure = follow(&source, receiver, &mut after) => Err(failure),
            _ = tokio::signal::ctrl_c() => Ok(()),
        }?;
        if let Some(after) = after {
            println!("Stopped; --after {after} goes on from here.");
        }
        Ok(())
    }

    /// Whether all that the receiver’s name leads to may be called.
    async fn is_near(&self, guard: &Guard) -> bool {
        let (Some(host), Some(port)) =
            (self.forward.host_str(), self.forward.port_or_known_default())
        else {
            return false;
        };
        let host = host.trim_matches(['[', ']']);
        let found = tokio::net::lookup_host((host, port)).await;
        let found: Vec<_> = found.into_iter().flatten().collect();
        !found.is_empty() && found.iter().all(|address| guard.allows(address.ip()))
    }
}

/// Follows the log for ever; what a token may not do ends it.
async fn follow(source: &Source, mut receiver: Receiver, after: &mut Option<i64>) -> Failure {
    let mut away = 0u32;
    loop {
        let asked = match *after {
            Some(sequence) => source.events(sequence).await,
            None => source.head().await,
        };
        match asked {
            Answer::Head(head) => {
                println!("Listening after {head}; Ctrl-C stops.");
                *after = Some(head);
            }
            Answer::Events(events) => {
                if away > 0 {
                    println!("The server is back.");
                }
                away = 0;
                let is_all = events.is_empty();
                for event in events {
                    receiver.call(&event).await;
                    *after = Some(event.sequence);
                }
                if is_all {
                    sleep(EVERY).await;
                }
            }
            Answer::Away(why) => {
                if away == 0 {
                    println!("The server is away ({why}); it is asked until it is back.");
                }
                away = away.saturating_add(1);
                sleep((EVERY * away).min(LONGEST)).await;
            }
            Answer::Refused(why) => return Failure::new(why),
        }
    }
}

impl Receiver {
    /// Calls it with an event until there is an answer, and says in a line what that was.
    async fn call(&mut self, event: &Event) {
        self.calls += 1;
        let mut away = 0u32;
        loop {
            let tried = self.send(event).await;
            if tried.code.is_some() || away == 0 {
                println!("{:>7} {:<28} {}", event.sequence, event.name, outcome(&tried));
            }
            if tried.code.is_some() {
                return;
            }
            away = away.saturating_add(1);
            sleep((EVERY * away).min(LONGEST)).await;
        }
    }

    async fn send(&self, event: &Event) -> Try {
        let message = Message {
            url: self.url.as_str(),
            signing: &self.signing,
            headers: &Headers::default(),
            event_id: event.id.clone(),
            number: Some(self.calls),
            is_again: false,
            sequence: Some(event.sequence),
            body: &event.body,
        };
        self.sender.send(&message, clock::now()).await
    }
}

fn outcome(tried: &Try) -> String {
    let took = tried.took.as_millis();
    match (tried.code, &tried.failure) {
        (Some(code), None) => format!("{code} in {took} ms"),
        (Some(code), Some(_)) => format!("{code} in {took} ms; not taken, and not called again"),
        (None, failure) => {
            let why = failure.as_ref().map(Failed::sentence).unwrap_or_default();
            format!("{why} It is called again until it answers.")
        }
    }
}
