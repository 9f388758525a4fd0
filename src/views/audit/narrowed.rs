//! What the page of an audit is narrowed to, as it stands in the address: right or wrong, it is kept.

use url::form_urlencoded::Serializer;

/// What somebody asks an audit for, in their own letters; what is empty asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// Names of kinds, such as `card.moved` and `card.*`.
    pub kinds: Vec<String>,
    /// The id of a member.
    pub person: String,
    /// The id of a board.
    pub board: String,
    /// The number of a card.
    pub card: String,
    /// A network address or a network.
    pub network: String,
    /// The first day.
    pub since: String,
    /// The last day.
    pub until: String,
}

impl Narrowed {
    /// Whether it asks for nothing in particular.
    pub fn is_empty(&self) -> bool {
        self.pairs().is_empty()
    }

    /// The address of an audit that is narrowed so, or of an older page of it.
    pub fn address(&self, path: &str, before: Option<i64>) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        query.extend_pairs(before.map(|before| ("before", before.to_string())));
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// What stands behind the question mark.
    pub(super) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let others = [
            ("creator_id", self.person.as_str()),
            ("board_id", &self.board),
            ("card", &self.card),
            ("address", &self.network),
            ("since", &self.since),
            ("until", &self.until),
        ];
        let others = others.into_iter().filter(|(_, value)| !value.is_empty());
        self.kinds.iter().map(|kind| ("kind", kind.as_str())).chain(others).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_all_that_was_asked_for_as_it_was_written() {
        let narrowed = Narrowed {
            kinds: vec!["card.*".to_owned(), "token.made".to_owned()],
            network: "10.0.0.0/8".to_owned(),
            since: "soon & never".to_owned(),
            ..Narrowed::default()
        };
        let query = "kind=card.*&kind=token.made&address=10.0.0.0%2F8&since=soon+%26+never";
        assert_eq!(narrowed.address("/audit", None), format!("/audit?{query}"));
        assert_eq!(narrowed.address("/audit", Some(7)), format!("/audit?{query}&before=7"));
        assert!(Narrowed::default().is_empty() && !narrowed.is_empty());
    }
}
