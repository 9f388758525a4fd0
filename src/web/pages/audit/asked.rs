//! What an audit is asked for: what stands behind the question mark, kept as it is, and what it means.

use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use ipnet::IpNet;

use crate::domain::FieldError;
use crate::domain::audit::Filter;
use crate::values::Day;
use crate::views::Form;
use crate::views::audit::Narrowed;
use crate::web::error::Error;
use crate::web::respond::Result;
use crate::web::state::App;

/// What stands behind the question mark.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) narrowed: Narrowed,
    before: String,
}

/// What it means.
pub(super) struct Meant {
    pub(super) filter: Filter,
    pub(super) before: Option<i64>,
}

impl Asked {
    fn of(query: &str) -> Self {
        let mut asked = Self::default();
        let narrowed = &mut asked.narrowed;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            // A field of a form that was left empty asks for nothing.
            let value = value.trim().to_owned();
            match &*name {
                _ if value.is_empty() => {}
                "kind" => narrowed.kinds.push(value),
                "creator_id" => narrowed.person = value,
                "board_id" => narrowed.board = value,
                "card" => narrowed.card = value,
                "address" => narrowed.network = value,
                "since" => narrowed.since = value,
                "until" => narrowed.until = value,
                "before" => asked.before = value,
                _ => {}
            }
        }
        asked
    }

    /// What it means, or what of it means nothing.
    pub(super) fn meant(&self) -> std::result::Result<Meant, Vec<FieldError>> {
        let Narrowed { kinds, person, board, card, network, since, until } = &self.narrowed;
        let mut reading = Reading(Vec::new());
        let filter = Filter {
            kinds: kinds.clone(),
            person: reading.read("creator_id", person, "There is no such person."),
            board: reading.read("board_id", board, "There is no such board."),
            card: reading.read("card", card, "A card has a whole number, such as 142."),
            network: reading.network(network),
            since: reading.day("since", since),
            until: reading.day("until", until),
        };
        let before = reading.read("before", &self.before, "There is no such page of this log.");
        if reading.0.is_empty() { Ok(Meant { filter, before }) } else { Err(reading.0) }
    }

    /// What was typed into the fields.
    pub(super) fn form(&self) -> Form {
        let Narrowed { card, network, since, until, .. } = &self.narrowed;
        let form = Form::default().with("card", card).with("address", network);
        form.with("since", since).with("until", until)
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self> {
        Ok(Self::of(parts.uri.query().unwrap_or_default()))
    }
}

/// Reads fields, and collects what is wrong with them.
struct Reading(Vec<FieldError>);

impl Reading {
    fn read<T: FromStr>(&mut self, field: &'static str, text: &str, otherwise: &str) -> Option<T> {
        let read = (!text.is_empty()).then(|| text.parse().ok());
        read.unwrap_or_else(|| None).or_else(|| self.refuse(field, text, otherwise))
    }

    fn day(&mut self, field: &'static str, text: &str) -> Option<Day> {
        match Day::parse(text) {
            Ok(day) => Some(day),
            Err(invalid) => self.refuse(field, text, &invalid.to_string()),
        }
    }

    /// A network, or the one address that a network of the same name would be.
    fn network(&mut self, text: &str) -> Option<IpNet> {
        let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        let otherwise = "Write an address, as 203.0.113.7, or a network, as 203.0.113.0/24.";
        network.ok().or_else(|| self.refuse("address", text, otherwise))
    }

    /// Nothing was read: of a field that is not empty, that is wrong.
    fn refuse<T>(&mut self, field: &'static str, text: &str, message: &str) -> Option<T> {
        if !text.is_empty() {
            self.0.push(FieldError { field, message: message.to_owned() });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_is_said_field_by_field_and_kept() {
        let query = "creator_id=olive&board_id=7&card=x&address=10.0.0&since=soon&until=&before=-";
        let asked = Asked::of(query);
        let wrong = asked.meant().err().expect("refused");
        let fields: Vec<_> = wrong.iter().map(|error| error.field).collect();
        assert_eq!(fields, ["creator_id", "board_id", "card", "address", "since", "before"]);
        assert_eq!((asked.form().value("since"), asked.form().value("card")), ("soon", "x"));
    }

    #[test]
    fn an_address_is_a_network_of_one() {
        let network = |text: &str| {
            let narrowed = Narrowed { network: text.to_owned(), ..Narrowed::default() };
            let asked = Asked { narrowed, ..Asked::default() };
            asked.meant().ok().and_then(|meant| meant.filter.network).map(|it| it.to_string())
        };
        assert_eq!(network("203.0.113.7").as_deref(), Some("203.0.113.7/32"));
        assert_eq!(network("2001:db8::/32").as_deref(), Some("2001:db8::/32"));
        assert_eq!(network("example.com"), None);
    }
}
