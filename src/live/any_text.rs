//! Whatever text comes, what reads it takes it for what it is; tried with texts by chance.
//!
//! The same texts every time; `CAIRN_CASES` asks for more of them, `CAIRN_SEED` for others.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{Cursor, Name, Stream, event_stream, signature};
use crate::values::Slug;
use crate::values::id::{BoardId, CardId, EndpointId, UserId};
use crate::values::secret::KeyRing;

/// So many texts, or conversations, are tried.
const CASES: u32 = 512;

/// What tries them.
pub(super) fn runner() -> TestRunner {
    let asked = |name, otherwise: u32| {
        std::env::var(name).map_or(otherwise, |number| number.parse().expect("a number"))
    };
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&asked("CAIRN_SEED", 1).to_le_bytes());
    let config =
        Config { failure_persistence: None, ..Config::with_cases(asked("CAIRN_CASES", CASES)) };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

/// Tries a property with cases of a kind.
pub(super) fn always<S: Strategy>(
    cases: &S,
    holds: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    runner().run(cases, holds).unwrap_or_else(|failure| panic!("{failure}"));
}

/// A text with one character put in, taken away or exchanged.
pub(super) fn changed(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), any::<char>(), 0..3);
    (text, change).prop_map(|(text, (at, other, how))| {
        let mut characters: Vec<char> = text.chars().collect();
        match (how, characters.len()) {
            (0, length @ 1..) => characters[at.index(length)] = other,
            (1, length @ 1..) => drop(characters.remove(at.index(length))),
            (_, length) => characters.insert(at.index(length + 1), other),
        }
        characters.into_iter().collect()
    })
}

fn cursor() -> impl Strategy<Value = Cursor> {
    ("[0-9a-f]{8}", any::<i64>()).prop_map(|(epoch, sequence)| Cursor { epoch, sequence })
}

fn stream() -> impl Strategy<Value = Stream> {
    let kind = prop::sample::select(vec![
        (|id| Stream::Board(BoardId::from(id))) as fn(_) -> _,
        |id| Stream::BoardActivities(BoardId::from(id)),
        |id| Stream::Card(CardId::from(id)),
        |id| Stream::CardActivities(CardId::from(id)),
        |_| Stream::AccountActivities,
        |_| Stream::AccountRefreshes,
        |id| Stream::Deliveries(EndpointId::from(id)),
        |id| Stream::User(UserId::from(id)),
    ]);
    (kind, any::<u128>()).prop_map(|(kind, id)| kind(uuid::Uuid::from_u128(id)))
}

fn name() -> impl Strategy<Value = Name> {
    let slug = "[a-z0-9]{2}-[a-z0-9]{0,20}";
    (slug, stream(), any::<u128>(), "[0-9a-f]{12}", cursor()).prop_map(
        |(slug, stream, user, nonce, cursor)| {
            let account = Slug::parse(&slug).expect("a slug");
            Name { account, stream, user: uuid::Uuid::from_u128(user).into(), nonce, cursor }
        },
    )
}

/// Bytes as text, and texts that are nearly what is read.
fn texts(good: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = String> {
    let bytes = any::<Vec<u8>>().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    prop_oneof![1 => any::<String>(), 1 => bytes, 4 => changed(good)]
}

/// What is read of a text is read again of what is written of it.
fn reads_as_it_writes<T>(text: &str) -> Result<(), TestCaseError>
where
    T: std::str::FromStr + ToString + PartialEq + std::fmt::Debug,
{
    if let Ok(read) = text.parse::<T>() {
        prop_assert_eq!(read.to_string().parse::<T>().ok(), Some(read));
    }
    Ok(())
}

#[test]
fn cursors_streams_and_names_read_as_they_were_written() {
    always(&(cursor(), stream(), name()), |(cursor, stream, name)| {
        prop_assert_eq!(cursor.to_string().parse(), Ok(cursor));
        prop_assert_eq!(stream.to_string().parse(), Ok(stream));
        prop_assert_eq!(name.to_string().parse(), Ok(name));
        Ok(())
    });
}

#[test]
fn no_text_breaks_what_reads_it() {
    let texts = (
        texts(cursor().prop_map(|cursor| cursor.to_string())),
        texts(stream().prop_map(|stream| stream.to_string())),
        texts(name().prop_map(|name| name.to_string())),
    );
    always(&texts, |(cursor, stream, name)| {
        for text in [&cursor, &stream, &name] {
            reads_as_it_writes::<Cursor>(text)?;
            reads_as_it_writes::<Stream>(text)?;
            reads_as_it_writes::<Name>(text)?;
        }
        Ok(())
    });
}

#[test]
fn whatever_is_done_to_a_signed_name_it_never_becomes_another() {
    let keys = KeyRing::new(b"key", Some(b"the key before it"));
    let other = KeyRing::new(b"another key", None);
    let name = any::<String>().prop_flat_map(|name| {
        let signed = signature::sign(&KeyRing::new(b"key", None), &name);
        let forged = prop_oneof![3 => changed(Just(signed.clone())), 1 => any::<String>()];
        (Just(name), Just(signed), forged)
    });
    always(&name, |(name, signed, forged)| {
        prop_assert_eq!(signature::verify(&keys, &signed), Some(name.clone()));
        prop_assert_eq!(signature::verify(&other, &signed), None);
        // Hex may be written in capitals.
        let read = signature::verify(&keys, &forged);
        prop_assert!(read.is_none() || forged.eq_ignore_ascii_case(&signed));
        prop_assert!(read.is_none_or(|read| read == name));
        Ok(())
    });
}

/// What a browser reads of an event stream (WHATWG HTML, section 9.2.6): messages, and the last id.
fn read(stream: &str) -> (Vec<String>, String) {
    let (mut messages, mut data, mut last) = (Vec::new(), String::new(), String::new());
    let stream = stream.strip_prefix('\u{feff}').unwrap_or(stream);
    let stream = stream.replace("\r\n", "\n").replace('\r', "\n");
    // What comes after the last line end is no line yet.
    let Some((lines, _)) = stream.rsplit_once('\n') else { return (messages, last) };
    for line in lines.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => {
                if let Some(message) = std::mem::take(&mut data).strip_suffix('\n') {
                    messages.push(message.to_owned());
                }
            }
            "data" => data += &format!("{value}\n"),
            "id" if !value.contains('\0') => value.clone_into(&mut last),
            // Messages with a name of their own would not reach the page.
            "event" => panic!("an event called {value:?}"),
            _ => {}
        }
    }
    (messages, last)
}

/// Fragments with the lines and words that an event stream might take for its own.
fn fragment() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        3 => prop::sample::select(vec![
            "\n", "\r", "\r\n", ":", " ", "data:", "id: 7", "event: x", "retry: 1", "\0",
            "\u{feff}", "<turbo-stream action=\"remove\" targets=\"#a\"></turbo-stream>",
        ])
        .prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(parts, 0..12).prop_map(|parts| parts.concat())
}

#[test]
fn a_browser_reads_of_an_event_stream_the_fragments_that_were_written() {
    let events = prop::collection::vec((fragment(), prop::option::of(cursor())), 0..8);
    always(&events, |events| {
        let (mut stream, mut told, mut last) = (event_stream::retry(), Vec::new(), String::new());
        for (fragment, position) in events {
            stream += &event_stream::data(&fragment);
            told.push(fragment.replace("\r\n", "\n").replace('\r', "\n"));
            stream += &position.as_ref().map_or_else(event_stream::nothing, event_stream::position);
            if let Some(position) = position {
                last = position.to_string();
            }
        }
        prop_assert_eq!(read(&stream), (told, last));
        Ok(())
    });
}
