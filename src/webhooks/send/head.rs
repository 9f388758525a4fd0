//! The heads of requests and answers as they are kept: a line for each header.

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// How much of a head is kept, in bytes.
const KEPT: usize = 8 * 1024;

/// How many characters of a signature are kept.
const KEPT_OF_SIGNATURE: usize = 8;

/// The head of an answer, as far as it is kept.
pub(super) fn answered(headers: &HeaderMap) -> String {
    bounded(headers.iter().map(|(name, value)| line(name, &text(value))))
}

/// The head of a request, without what could be used to sign another one, and without the values
/// of headers that are secret.
pub(super) fn sent(headers: &HeaderMap) -> String {
    bounded(headers.iter().map(|(name, value)| match name.as_str() {
        _ if value.is_sensitive() => line(name, "…"),
        "webhook-signature" | "x-webhook-signature" | "x-webhook-signature-next" => {
            let masked: Vec<String> = text(value).split(' ').map(mask).collect();
            line(name, &masked.join(" "))
        }
        _ => line(name, &text(value)),
    }))
}

fn line(name: &HeaderName, value: &str) -> String {
    format!("{name}: {value}\n")
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

fn mask(signature: &str) -> String {
    signature.chars().take(KEPT_OF_SIGNATURE).chain(['…']).collect()
}

/// The lines that fit, and a line that says so if some do not.
fn bounded(lines: impl Iterator<Item = String>) -> String {
    let mut kept = String::new();
    for line in lines {
        if kept.len() + line.len() > KEPT {
            kept.push_str("…\n");
            break;
        }
        kept.push_str(&line);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a value"))
        });
        pairs.collect()
    }

    #[test]
    fn signatures_and_secret_values_are_masked() {
        let mut headers = headers(&[
            ("webhook-id", "0198"),
            ("webhook-signature", "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9 v1,other"),
            ("x-webhook-signature", "0123456789abcdef"),
        ]);
        let mut secret = HeaderValue::from_static("Bearer hidden");
        secret.set_sensitive(true);
        headers.insert("authorization", secret);
        let kept = sent(&headers);
        assert!(kept.contains("webhook-id: 0198\n"), "{kept}");
        assert!(kept.contains("webhook-signature: v1,K5oZf… v1,other…\n"), "{kept}");
        assert!(kept.contains("x-webhook-signature: 01234567…\n"), "{kept}");
        assert!(kept.contains("authorization: …\n"), "{kept}");
    }

    #[test]
    fn a_long_head_is_cut_at_a_line() {
        let long = "a".repeat(5_000);
        let kept = answered(&headers(&[("x-one", &long), ("x-two", &long)]));
        assert!(kept.starts_with("x-one: aaa") && kept.ends_with("aaa\n…\n"));
        assert!(kept.len() < KEPT);
    }
}
