//! Headers of an endpoint's own, sent with each call: none that Cairn or HTTP needs for itself, and
//! their values are secrets.

use std::collections::BTreeMap;

use hyper::header::{HeaderName, HeaderValue};

use crate::values::Invalid;
use crate::values::secret::{KeyRing, Secret};

/// What values are sealed for.
const SEALED_FOR: &str = "webhook headers";

/// The most headers of one endpoint.
const MOST: usize = 20;

/// How many bytes all names and values have together at most.
const LARGEST: usize = 4 * 1024;

/// What stands for a value that stays as it is.
pub const KEPT: &str = "…";

/// Names that are Cairn's own, HTTP's own, or would make a call into something else.
const DENIED: &[&str] = &[
    "accept",
    "accept-charset",
    "accept-encoding",
    "alt-svc",
    "connection",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "metadata",
    "metadata-flavor",
    "origin",
    "range",
    "referer",
    "set-cookie",
    "set-cookie2",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-real-ip",
];

/// What denied names begin with.
const DENIED_PREFIXES: &[&str] = &[
    "access-control-",
    "cairn-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "webhook-",
    "x-amz-",
    "x-aws-",
    "x-cairn-",
    "x-forwarded-",
    "x-goog",
    "x-webhook-",
];

/// What is asked for: names with values; one without keeps the value that it has.
pub type Wanted = Vec<(String, Option<String>)>;

/// Headers with their values, by name.
#[derive(Debug, Clone, Default)]
pub struct Headers(BTreeMap<String, Secret>);

impl Headers {
    /// Reads what is asked for; `present` has the values that may be kept.
    ///
    /// # Errors
    /// A sentence for the admin: a name that is none or denied or there twice, a value that cannot
    /// stand in a header or is not known, or too much of it.
    pub fn parse(wanted: &Wanted, present: &Self) -> Result<Self, Invalid> {
        if wanted.len() > MOST {
            return Err(Invalid::because("An endpoint has at most 20 headers."));
        }
        let mut headers = BTreeMap::new();
        for (name, value) in wanted {
            let name = parse_name(name)?;
            let value = match value {
                Some(value) => parse_value(&name, value)?,
                None => present.0.get(&name).cloned().ok_or_else(|| {
                    Invalid::because(format!("The header “{name}” needs a value."))
                })?,
            };
            if headers.insert(name.clone(), value).is_some() {
                return Err(Invalid::because(format!("The header “{name}” stands there twice.")));
            }
        }
        let bytes = headers.iter().map(|(name, value)| name.len() + value.reveal().len());
        if bytes.sum::<usize>() > LARGEST {
            return Err(Invalid::because("All headers together have at most 4 KiB."));
        }
        Ok(Self(headers))
    }

    /// Their names, in order.
    pub fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// Whether two have the same names and values.
    pub fn equal(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Sealed, to be stored; none when there are none.
    pub fn seal(&self, keys: &KeyRing) -> Option<Vec<u8>> {
        let pairs: BTreeMap<&str, &str> =
            self.0.iter().map(|(name, value)| (name.as_str(), value.reveal())).collect();
        let json = serde_json::to_vec(&pairs).expect("texts are JSON");
        (!pairs.is_empty()).then(|| keys.seal(SEALED_FOR, &json))
    }

    /// Opened; none when no present key opens them.
    pub fn open(keys: &KeyRing, sealed: Option<&[u8]>) -> Option<Self> {
        let Some(sealed) = sealed else { return Some(Self::default()) };
        let json = keys.open(SEALED_FOR, sealed)?;
        let pairs: BTreeMap<String, String> = serde_json::from_slice(&json).ok()?;
        Some(Self(pairs.into_iter().map(|(name, value)| (name, Secret::new(value))).collect()))
    }

    /// As they go out; who keeps a request must not keep their values.
    pub(super) fn to_send(&self) -> impl Iterator<Item = (HeaderName, HeaderValue)> + '_ {
        self.0.iter().filter_map(|(name, value)| {
            let mut value = HeaderValue::from_str(value.reveal()).ok()?;
            value.set_sensitive(true);
            Some((name.parse().ok()?, value))
        })
    }
}

fn parse_name(text: &str) -> Result<String, Invalid> {
    let name: HeaderName = text.trim_matches([' ', '\t']).parse().map_err(|_| {
        Invalid::because(format!("“{}” is no name of a header.", text.escape_debug()))
    })?;
    let name = name.as_str();
    if DENIED.contains(&name) || DENIED_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return Err(Invalid::because(format!("The header “{name}” cannot be chosen.")));
    }
    Ok(name.to_owned())
}

fn parse_value(name: &str, text: &str) -> Result<Secret, Invalid> {
    let value = text.trim_matches([' ', '\t']);
    if value.is_empty() {
        return Err(Invalid::because(format!("The header “{name}” needs a value.")));
    }
    // A no-break space would be trimmed by some receivers and not by others.
    if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Err(Invalid::because(format!(
            "The value of the header “{name}” has a line break or something else that is not \
             plain ASCII."
        )));
    }
    Ok(Secret::new(value))
}

/// Reads a header a line, `name: value`; an ellipsis keeps the value that is there.
///
/// # Errors
/// A sentence for a line that is none such.
pub fn parse_lines(text: &str) -> Result<Wanted, Invalid> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let pairs = lines.map(|line| {
        let (name, value) = line.split_once(':').ok_or_else(|| {
            Invalid::because("A header is written as its name, a colon and its value.")
        })?;
        let kept = value.trim() == KEPT;
        Ok((name.to_owned(), (!kept).then(|| value.to_owned())))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str, value: &str) -> Result<Headers, Invalid> {
        let wanted = vec![(name.to_owned(), Some(value.to_owned()))];
        Headers::parse(&wanted, &Headers::default())
    }

    #[test]
    fn headers_are_sealed_and_kept_without_being_said_again() {
        let keys = KeyRing::new(b"a key", None);
        let headers = parse("Authorization", " Bearer hidden\t").expect("a header");
        assert_eq!(headers.names(), ["authorization"]);
        let sealed = headers.seal(&keys).expect("bytes");
        assert!(!sealed.windows(6).any(|bytes| bytes == b"hidden"));
        let opened = Headers::open(&keys, Some(&sealed)).expect("headers");
        assert!(opened.equal(&headers));
        assert!(!format!("{opened:?}").contains("hidden"));
        let wanted = parse_lines("authorization: …\n\nX-Team: north\n").expect("two lines");
        let both = Headers::parse(&wanted, &opened).expect("headers");
        assert_eq!(both.names(), ["authorization", "x-team"]);
        assert_eq!(both.0["authorization"].reveal(), "Bearer hidden");
        assert!(Headers::parse(&wanted, &Headers::default()).is_err(), "there is none to keep");
        assert!(Headers::default().seal(&keys).is_none());
        assert!(Headers::open(&KeyRing::new(b"another", None), Some(&sealed)).is_none());
    }

    #[test]
    fn what_belongs_to_cairn_or_to_http_is_denied() {
        let names = "Host Content-Type Content-Length User-Agent CONNECTION Transfer-Encoding \
            Cookie Set-Cookie Webhook-Id webhook-signature X-Webhook-Signature \
            X-Webhook-Signature-Next Cairn-Delivery Proxy-Authorization Sec-Fetch-Mode TE Upgrade \
            Expect X-Forwarded-For Metadata-Flavor X-aws-ec2-metadata-token Trailer Date Via";
        for name in names.split_whitespace() {
            assert!(parse(name, "value").is_err(), "{name} was taken");
        }
        for name in ["Authorization", "X-Api-Key", "X-Team", "contents"] {
            assert!(parse(name, "value").is_ok(), "{name} was refused");
        }
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for name in ["", "a b", "a:b", "a\r\nb", "é", "a\0"] {
            assert!(parse(name, "value").is_err(), "{name:?} was taken");
        }
        for value in ["", "  ", "a\r\nHost: evil", "a\nb", "a\rb", "a\0b", "é", "a\u{7f}"] {
            assert!(parse("x-team", value).is_err(), "{value:?} was taken");
        }
        let twice = parse_lines("x-team: a\nX-Team: b").expect("two lines");
        assert!(Headers::parse(&twice, &Headers::default()).is_err());
        assert!(parse_lines("no colon").is_err());
    }

    #[test]
    fn there_are_few_and_they_are_small() {
        let many = |count: usize| -> Wanted {
            (0..count).map(|number| (format!("x-{number}"), Some("a".to_owned()))).collect()
        };
        assert!(Headers::parse(&many(20), &Headers::default()).is_ok());
        assert!(Headers::parse(&many(21), &Headers::default()).is_err());
        assert!(parse("x", &"a".repeat(4095)).is_ok());
        assert!(parse("x", &"a".repeat(4096)).is_err());
    }
}
