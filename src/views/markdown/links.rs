//! Links in what people wrote: where they may lead, and addresses that stand there bare.

use maud::html;
use pulldown_cmark::Event;
use url::Url;

/// Where a link may lead: to an address of the web, or to somebody's mailbox. It is read as a
/// browser reads it (<https://url.spec.whatwg.org/>), without the spaces and control characters
/// that hide a scheme; the page is given what was read, not what was written.
pub(super) fn destination(written: &str) -> Option<Url> {
    let url = Url::parse(written).ok()?;
    matches!(url.scheme(), "http" | "https" | "mailto").then_some(url)
}

/// The start of a link. Nobody is told where its reader came from, nor vouched for.
pub(super) fn start<'a>(url: &Url) -> Event<'a> {
    let url = html! { (url.as_str()) }.into_string();
    Event::InlineHtml(format!("<a href=\"{url}\" rel=\"noopener noreferrer nofollow\">").into())
}

/// Its end.
pub(super) fn end<'a>() -> Event<'a> {
    Event::InlineHtml("</a>".into())
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Words, as they are.
    Words(&'a str),
    /// An address of the web as it was typed, and where it leads.
    Address(&'a str, Url),
}

/// Finds the addresses in a text that begin with `http://` or `https://`, up to the next space
/// and without the punctuation of the sentence that they stand in.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut told, mut from) = (Vec::new(), 0, 0);
    while let Some(at) = text[from..].find("http").map(|at| from + at) {
        let word = word_at(text, at);
        from = at + word.len().max("http".len());
        let address = without_punctuation(word);
        if let Some(url) = destination(address).filter(|_| !word.is_empty()) {
            parts.push(Part::Words(&text[told..at]));
            parts.push(Part::Address(address, url));
            told = at + address.len();
        }
    }
    parts.push(Part::Words(&text[told..]));
    parts.retain(|part| *part != Part::Words(""));
    parts
}

/// The word that begins here, if it begins as an address does; empty otherwise.
fn word_at(text: &str, at: usize) -> &str {
    let begins = !text[..at].ends_with(char::is_alphanumeric);
    let rest = &text[at..];
    if !begins || !(rest.starts_with("http://") || rest.starts_with("https://")) {
        return "";
    }
    rest.split(|c: char| c.is_whitespace() || c == '<' || c == '>').next().unwrap_or_default()
}

/// Cuts off what ends the sentence: `https://example.org/a_(b)).` is `https://example.org/a_(b)`.
fn without_punctuation(word: &str) -> &str {
    let count = |c| word.matches(c).count();
    let mut surplus = count(')').saturating_sub(count('('));
    word.trim_end_matches(|c| match c {
        ')' if surplus > 0 => {
            surplus -= 1;
            true
        }
        _ => ".,:;!?*_~'\"’”»…]}".contains(c),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<&str> {
        let parts = parts(text).into_iter();
        let address = |part| match part {
            Part::Address(address, _) => Some(address),
            Part::Words(_) => None,
        };
        parts.filter_map(address).collect()
    }

    #[test]
    fn bare_addresses_are_found_without_the_sentence_around_them() {
        for (text, found) in [
            ("See https://example.org/a?b=1&c=2#d.", "https://example.org/a?b=1&c=2#d"),
            ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
            ("“http://example.org”, he said", "http://example.org"),
            ("https://example.org", "https://example.org"),
        ] {
            assert_eq!(addresses(text), [found]);
        }
        assert_eq!(addresses("https://a.example https://b.example").len(), 2);
    }

    #[test]
    fn what_is_no_address_stays_words() {
        for text in ["https://", "xhttps://example.org", "http and https", "https://[x", ""] {
            assert_eq!(addresses(text), [] as [&str; 0], "{text}");
        }
    }

    #[test]
    fn nothing_is_lost_between_the_parts() {
        let text = "one https://a.example, two http http://b.example/(x)) three";
        let parts = parts(text).into_iter().map(|part| match part {
            Part::Words(words) | Part::Address(words, _) => words,
        });
        assert_eq!(parts.collect::<String>(), text);
    }

    #[test]
    fn links_lead_to_the_web_or_a_mailbox_and_nowhere_else() {
        for (written, read) in [
            ("https://example.org", Some("https://example.org/")),
            ("HTTP://EXAMPLE.ORG/A b", Some("http://example.org/A%20b")),
            ("mailto:olive@example.org", Some("mailto:olive@example.org")),
            ("javascript:alert(1)", None),
            (" java\nscript:alert(1)", None),
            ("\u{1}javascript:alert(1)", None),
            ("%6aavascript:alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("blob:https://example.org/x", None),
            ("view-source:https://example.org", None),
            ("//example.org", None),
            ("/northfold", None),
            ("#id", None),
            ("", None),
        ] {
            let url = destination(written);
            assert_eq!(url.as_ref().map(Url::as_str), read, "{written:?}");
        }
    }
}
