//! A letter as it goes over the wire (RFC 5322), with what programs look for in it.

use lettre::Message;
use lettre::address::Address;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Body, Mailbox, MultiPart, SinglePart};
use url::Host;

use super::claim::Claimed;
use super::letter::Attachment;
use super::words::Words;
use crate::values::Email;

/// The message of a letter; none when the address cannot be written in one. Its Message-ID and
/// date are the letter's own, so that one sent twice is recognised.
pub(super) fn message(claimed: &Claimed, words: Words, sender: &Email) -> Option<Message> {
    let from = address(sender.as_str())?;
    let id = format!("<{}@{}>", claimed.id, from.domain());
    let mut message = Message::builder()
        .message_id(Some(id))
        .date(claimed.created_at.into())
        .from(Mailbox::new(Some("Cairn".to_owned()), from))
        .to(Mailbox::new(None, address(&claimed.email)?))
        .subject(claimed.subject.as_str())
        // Nobody's absence is to be told to us (RFC 3834, section 5).
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(url) = &words.unsubscribe {
        // One click in the reader's program is enough (RFC 8058, section 3.1).
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{url}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let said = MultiPart::alternative_plain_html(words.text, words.html);
    let parts = match words.attachment {
        Some(attachment) => MultiPart::mixed().multipart(said).singlepart(file(attachment)?),
        None => said,
    };
    message.multipart(parts).ok()
}

/// A file in base64: servers on the way change the ends of lines of whatever is text.
fn file(Attachment { name, json }: Attachment) -> Option<SinglePart> {
    let media_type = ContentType::parse("application/json").ok()?;
    let encoding = ContentTransferEncoding::Base64;
    let body = Body::new_with_encoding(json.into_bytes(), encoding).ok()?;
    Some(message::Attachment::new(name).body(body, media_type))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// An address, its domain in ASCII: old servers know no other (RFC 5890).
fn address(email: &str) -> Option<Address> {
    let (local, domain) = email.rsplit_once('@')?;
    let Host::Domain(domain) = Host::parse(domain).ok()? else { return None };
    Address::new(local, domain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::LetterId;
    use time::macros::datetime;
    use uuid::Uuid;

    fn sent(email: &str, subject: &str, unsubscribe: Option<&str>) -> String {
        with(None, email, subject, unsubscribe)
    }

    fn with(
        attachment: Option<Attachment>,
        email: &str,
        subject: &str,
        unsubscribe: Option<&str>,
    ) -> String {
        let claimed = Claimed {
            id: LetterId::from(Uuid::nil()),
            lease: Uuid::nil(),
            email: email.to_owned(),
            subject: subject.to_owned(),
            sealed_words: Vec::new(),
            tries: 0,
            created_at: datetime!(2026-11-24 10:00 UTC),
        };
        let words = Words {
            text: "Hello.\n".to_owned(),
            html: "<p>Hello.</p>".to_owned(),
            unsubscribe: unsubscribe.map(str::to_owned),
            attachment,
        };
        let sender = Email::parse("cairn@example.com").expect("an address");
        let message = message(&claimed, words, &sender).expect("a message");
        String::from_utf8(message.formatted()).expect("ASCII")
    }

    #[test]
    fn the_headers_are_those_of_a_letter_that_a_program_wrote() {
        let sent = sent("tomas@example.com", "Olive invited you to Northwind", None);
        for line in [
            "Message-ID: <00000000-0000-0000-0000-000000000000@example.com>",
            "Date: Tue, 24 Nov 2026 10:00:00 +0000",
            "From: Cairn <cairn@example.com>",
            "To: tomas@example.com",
            "Subject: Olive invited you to Northwind",
            "Auto-Submitted: auto-generated",
        ] {
            assert!(sent.lines().any(|sent| sent == line), "no {line:?} in\n{sent}");
        }
        assert!(!sent.contains("List-Unsubscribe"), "{sent}");
    }

    #[test]
    fn a_file_goes_beside_the_two_forms() {
        let (name, json) = ("head-7.json".to_owned(), "{}\n".to_owned());
        let sent = with(Some(Attachment { name, json }), "tomas@example.com", "Hello", None);
        for line in [
            "Content-Disposition: attachment; filename=\"head-7.json\"",
            "Content-Type: application/json",
            "Content-Transfer-Encoding: base64",
            "e30K",
        ] {
            assert!(sent.lines().any(|sent| sent == line), "no {line:?} in\n{sent}");
        }
        let (mixed, either) = (sent.find("multipart/mixed"), sent.find("multipart/alternative"));
        assert!(mixed.is_some() && mixed < either, "{sent}");
    }

    #[test]
    fn a_subject_begins_no_header_and_any_letters_do() {
        let sent = sent("tomas@example.com", "Ölive\r\nBcc: all@example.com", None);
        assert!(!sent.lines().any(|line| line.starts_with("Bcc:")), "{sent}");
        assert!(sent.is_ascii());
    }

    #[test]
    fn a_domain_in_any_letters_is_written_in_ascii() {
        let sent = sent("tomas@bücher.example", "Hello", Some("https://cairn.example/u/t"));
        assert!(sent.contains("To: tomas@xn--bcher-kva.example"), "{sent}");
        assert!(sent.contains("List-Unsubscribe: <https://cairn.example/u/t>"), "{sent}");
        assert!(sent.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{sent}");
    }
}
