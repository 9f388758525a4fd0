//! The server that takes our letters, and the address they come from.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport as _, Message, Tokio1Executor};
use url::Url;

use super::claim::Outcome;
use crate::values::{Email, Invalid};

/// How long the server may take over each step.
const STEP: Duration = Duration::from_secs(15);

/// How long a whole try may take: shorter than its lease.
const TRY: Duration = Duration::from_secs(90);

/// The answers that are about our own sign-in at the server (RFC 4954, section 6): no letter is to
/// blame for those.
const ABOUT_US: [u16; 4] = [530, 534, 535, 538];

/// The server that takes our letters. Cheap to clone; it shows neither its address nor a password.
#[derive(Clone)]
pub struct Relay {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Email,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Relay(… from {})", self.sender)
    }
}

impl Relay {
    /// Takes `smtp://user:password@host:port?tls=required&from=cairn@example.com` and its like.
    /// Without `from`, letters come from `cairn@` the host of the site.
    ///
    /// # Errors
    /// [`Invalid`] says what is wrong and repeats nothing: there may be a password in it.
    pub fn parse(url: &str, site: Option<&Url>) -> Result<Self, Invalid> {
        let url = Url::parse(url).map_err(|_| no_relay())?;
        let query = |name: &str| {
            url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
        };
        if url.query_pairs().any(|(key, _)| key != "from" && key != "tls") {
            return Err(Invalid::because("only tls and from may stand behind the question mark"));
        }
        let sender = sender(query("from").as_deref(), site)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str());
        let (_, domain) = sender.as_str().rsplit_once('@').unwrap_or_default();
        let hello = ClientId::Domain(domain.to_owned());
        let builder = builder.map_err(|_| no_relay())?.timeout(Some(STEP)).hello_name(hello);
        Ok(Self { transport: builder.build(), sender })
    }

    /// The address that letters come from.
    pub fn sender(&self) -> &Email {
        &self.sender
    }

    /// Tries to hand a message over.
    pub(super) async fn send(&self, message: Message) -> Outcome {
        match tokio::time::timeout(TRY, self.transport.send(message)).await {
            Ok(Ok(_)) => Outcome::Sent,
            Ok(Err(error)) => outcome(&error),
            Err(_) => Outcome::Later("The mail server did not answer in time.".to_owned()),
        }
    }
}

fn no_relay() -> Invalid {
    Invalid::because(
        "it takes the address of a mail server, such as \
         smtps://cairn:password@mail.example.com?from=cairn@example.com, or smtp:// with \
         tls=required for STARTTLS",
    )
}

fn sender(from: Option<&str>, site: Option<&Url>) -> Result<Email, Invalid> {
    if let Some(from) = from {
        return Email::parse(from)
            .map_err(|_| Invalid::because("what stands after from= is no e-mail address"));
    }
    let host = site.and_then(Url::domain);
    host.and_then(|host| Email::parse(&format!("cairn@{host}")).ok()).ok_or_else(|| {
        Invalid::because(
            "letters need a sender: add ?from=cairn@example.com, or set CAIRN_PUBLIC_URL to an \
             address with a name",
        )
    })
}

/// A 5xx is about this letter and final; anything else is about today.
fn outcome(error: &Error) -> Outcome {
    let code = error.status().map(u16::from);
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match code {
        Some(code) if error.is_permanent() && !ABOUT_US.contains(&code) => {
            Outcome::Never(format!("The mail server answered {code} {said}").trim_end().to_owned())
        }
        Some(code) => {
            Outcome::Later(format!("The mail server answered {code} {said}").trim_end().to_owned())
        }
        None if error.is_timeout() => {
            Outcome::Later("The mail server did not answer in time.".to_owned())
        }
        None if error.is_client() => Outcome::Never(format!("It can’t be sent: {said}.")),
        None if said.is_empty() => Outcome::Later("The mail server hung up.".to_owned()),
        None => Outcome::Later(format!("The mail server can’t be reached: {said}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Option<Url> {
        Url::parse("https://board.example.com/").ok()
    }

    #[test]
    fn the_sender_is_named_or_follows_from_the_site() {
        let relay = Relay::parse("smtps://u:p@mail.example.com?from=post@example.com", None);
        assert_eq!(relay.expect("a relay").sender().as_str(), "post@example.com");
        let relay = Relay::parse("smtp://mail.example.com:587?tls=required", site().as_ref());
        assert_eq!(relay.expect("a relay").sender().as_str(), "cairn@board.example.com");
        let address = Url::parse("http://192.0.2.7/").ok();
        for site in [None, address] {
            let refused = Relay::parse("smtp://mail.example.com", site.as_ref());
            assert!(refused.expect_err("no sender").to_string().contains("?from="));
        }
    }

    #[test]
    fn what_is_no_mail_server_is_refused_without_being_repeated() {
        for url in [
            "mail.example.com",
            "http://u:open-sesame@mail.example.com",
            "smtp:open-sesame",
            "smtp://u:open-sesame@mail.example.com?tls=maybe",
            "smtp://u:open-sesame@mail.example.com?form=a@example.com",
            "smtp://u:open-sesame@mail.example.com?from=nobody",
        ] {
            let error = Relay::parse(url, site().as_ref()).expect_err(url).to_string();
            assert!(!error.contains("sesame"), "{error}");
        }
    }

    #[test]
    fn a_relay_does_not_show_its_password() {
        let relay = Relay::parse("smtp://u:open-sesame@mail.example.com", site().as_ref());
        assert_eq!(format!("{relay:?}"), "Ok(Relay(… from cairn@board.example.com))");
    }
}
