//! What can be wrong with a try: a word to sort by, and a sentence for the admin.

use std::error::Error;
use std::io;
use std::str::FromStr;

use crate::values::Invalid;

/// What was wrong with a try, in a word.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = WebhookFault)]
pub enum Fault {
    /// The name of the host was not found.
    Dns,
    /// The host took no connection.
    Connect,
    /// There was no secure connection: a bad certificate, or a protocol that is too old.
    Tls,
    /// It took too long.
    Timeout,
    /// The address may not be called.
    RefusedAddress,
    /// The answer was a redirect.
    Redirect,
    /// The answer was neither a 2xx nor a redirect.
    Status,
    /// The head of the answer was larger than is read.
    TooLarge,
    /// The connection broke off, or what came was no HTTP.
    Broken,
    /// The call could not be signed.
    Secret,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Dns,
        Self::Connect,
        Self::Tls,
        Self::Timeout,
        Self::RefusedAddress,
        Self::Redirect,
        Self::Status,
        Self::TooLarge,
        Self::Broken,
        Self::Secret,
    ];

    /// Its name, as programs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::RefusedAddress => "refused_address",
            Self::Redirect => "redirect",
            Self::Status => "status",
            Self::TooLarge => "too_large",
            Self::Broken => "broken",
            Self::Secret => "secret",
        }
    }
}

impl FromStr for Fault {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let named = Self::ALL.into_iter().find(|fault| fault.as_str() == text);
        named.ok_or(Invalid::because("No try can have that fault."))
    }
}

/// A fault with the sentence that explains it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{sentence}")]
pub struct Failure {
    fault: Fault,
    sentence: String,
}

/// More came than an answer may have.
#[derive(Debug, thiserror::Error)]
#[error("more came than an answer may have")]
pub(super) struct TooMuch;

impl Failure {
    /// A fault and its sentence.
    pub fn new(fault: Fault, sentence: impl Into<String>) -> Self {
        Self { fault, sentence: sentence.into() }
    }

    /// What it is, in a word.
    pub fn fault(&self) -> Fault {
        self.fault
    }

    /// What it is, in a sentence.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Why there is no secure connection.
    pub(super) fn of_tls(error: &io::Error) -> Self {
        let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let doing = match cause {
            Some(rustls::Error::InvalidCertificate(_)) => "Its certificate was refused",
            _ => "There was no secure connection",
        };
        Self::new(Fault::Tls, format!("{doing}: {error}."))
    }

    /// Why a request got no answer. The sentence goes down to the cause and leaves the address
    /// out, which may hold a secret of its own.
    pub(super) fn of_request(error: &hyper_util::client::legacy::Error) -> Self {
        for cause in causes(error) {
            if let Some(failure) = cause.downcast_ref::<Self>() {
                return failure.clone();
            }
        }
        Self::of_reading(error)
    }

    /// Why an answer was not read to its end.
    pub(super) fn of_reading(error: &(dyn Error + 'static)) -> Self {
        let too_large = causes(error).any(|cause| {
            cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_parse_too_large)
                || is_too_much(cause)
        });
        if too_large {
            return Self::new(Fault::TooLarge, "The head of the answer was larger than is read.");
        }
        let deepest = causes(error).last().map(ToString::to_string).unwrap_or_default();
        Self::new(Fault::Broken, format!("It broke off: {deepest}."))
    }
}

fn is_too_much(cause: &(dyn Error + 'static)) -> bool {
    let inner = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    inner.is_some_and(|inner| inner.is::<TooMuch>())
}

/// An error and what caused it, down to the first cause.
fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> + 'a {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_fault_is_the_one_in_json() {
        for fault in Fault::ALL {
            assert_eq!(serde_json::json!(fault), fault.as_str());
            assert_eq!(fault.as_str().parse::<Fault>().ok(), Some(fault));
        }
        assert!("gremlins".parse::<Fault>().is_err());
    }
}
