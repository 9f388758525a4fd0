//! Where somebody goes on to after signing in: a page of this very server and nothing else.

use std::fmt;

use url::{Position, Url};

/// A longer path is no page of ours; a header and an address have to hold it.
const MOST_BYTES: usize = 2_000;

/// Some server to read paths at; which one makes no difference to them.
const HERE: &str = "http://cairn.invalid/";

/// The path of a page of this server, with what stands behind its question mark.
///
/// It comes from an address or a form that anybody can write, and a browser is sent there: so it
/// must be read as a browser reads it (<https://url.spec.whatwg.org/>). Only what a browser would
/// ask of this server without changing a letter is taken. That leaves out other servers
/// (`//elsewhere`, `/\elsewhere`, `https:…`), control characters, dots that lead elsewhere, and
/// everything that is no ASCII. The sign-in page itself is left out too: it leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath(String);

impl ReturnPath {
    /// Takes a path such as `/northfold/cards/3?before=7`; none when it is no page of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let read = Url::parse(HERE).ok()?.join(text).ok()?;
        let asked = &read[Position::BeforePath..Position::AfterQuery];
        let ours = asked == text && text.starts_with('/') && !text.starts_with("//");
        let fits = text.len() <= MOST_BYTES && !is_session(read.path());
        (ours && fits).then(|| Self(text.to_owned()))
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_session(path: &str) -> bool {
    path == "/session" || path.starts_with("/session/")
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pages_of_ours_are_taken_as_they_are() {
        for path in [
            "/",
            "/northfold/cards/3",
            "/northfold/activity?before=7&kind=card.moved",
            "/northfold/invitations/a-_b",
            "/sessions",
            "/a/%2e%2E%2f%5c?to=//elsewhere.example",
        ] {
            assert_eq!(ReturnPath::parse(path).expect(path).as_str(), path);
        }
    }

    #[test]
    fn what_leads_elsewhere_or_nowhere_is_not_taken() {
        let long = format!("/{}", "a".repeat(MOST_BYTES));
        for text in [
            "",
            "northfold",
            "?a",
            "#a",
            "//elsewhere.example",
            "///elsewhere.example",
            "/\\elsewhere.example",
            "\\\\elsewhere.example",
            "/\t/elsewhere.example",
            "/\n/elsewhere.example",
            " //elsewhere.example",
            "https://elsewhere.example/",
            "https:elsewhere.example",
            "http:/northfold",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: b",
            "/a\0",
            "/a\\b",
            "/é",
            "/northfold/../session",
            "/./session",
            "/%2e/session",
            "/session",
            "/session?return_to=/",
            "/session/demo?code=a",
            &long,
        ] {
            assert_eq!(ReturnPath::parse(text), None, "{text:?} was taken");
        }
    }

    /// Texts of the letters that matter to whoever reads an address.
    fn nasty() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                Just("/"),
                Just("\\"),
                Just("."),
                Just(".."),
                Just("%2e"),
                Just(":"),
                Just("@"),
                Just("?"),
                Just("#"),
                Just("\t"),
                Just("\n"),
                Just(" "),
                Just("session"),
                Just("http"),
                Just("elsewhere.example"),
            ],
            0..9,
        )
        .prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn whatever_is_taken_stays_on_this_server(text in prop_oneof![nasty(), any::<String>()]) {
            let Some(path) = ReturnPath::parse(&text) else { return Ok(()) };
            let path = path.as_str();
            prop_assert!(path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(!matches!(path.as_bytes().get(1), Some(b'/' | b'\\')));
            let page = Url::parse("https://cairn.example/northfold/boards?a#b").unwrap();
            let there = page.join(path).unwrap();
            prop_assert_eq!(there.origin(), page.origin());
            prop_assert!(!there.path().starts_with("/session/") && there.path() != "/session");
        }
    }
}
