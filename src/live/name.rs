//! The name of a stream for one person and one rendering of a page.

use std::fmt;
use std::str::FromStr;

use super::{Cursor, Stream};
use crate::values::Slug;
use crate::values::id::UserId;
use crate::values::secret::random;

/// The first part of every name: its grammar may change one day.
const VERSION: &str = "v1";

/// Whom the stream is for: the boards that all members see.
const OPEN: &str = "open";

/// So many activities are told again to a client that comes back.
const REWIND: i64 = 32;

/// `v1/<account>/<stream>/<audience>/u<user>/<nonce>@<epoch>.<sequence>`.
///
/// The cursor says up to where the page knows what happened. The nonce makes the names of two
/// renderings differ, so that a client which replaces one page by another never takes the new
/// subscription for the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The account.
    pub account: Slug,
    /// What is followed.
    pub stream: Stream,
    /// The person it was made for.
    pub user: UserId,
    /// What tells renderings apart.
    pub nonce: String,
    /// Up to where the page knows what happened.
    pub cursor: Cursor,
}

impl Name {
    /// A name for a page that is being rendered.
    pub fn new(account: Slug, stream: Stream, user: UserId, cursor: Cursor) -> Self {
        Self { account, stream, user, nonce: hex::encode(random::<6>()), cursor }
    }

    /// By which a client knows the stream as it was rendered once.
    pub fn stream_id(&self) -> String {
        format!("{}/{}", self.stream, self.nonce)
    }

    /// The same from where a client says that it stands, if that is further on. A little less far:
    /// what a client has received need not have reached its page.
    #[must_use]
    pub fn advanced(self, Cursor { epoch, sequence }: &Cursor) -> Self {
        let sequence = sequence.saturating_sub(REWIND);
        self.reached(&Cursor { epoch: epoch.clone(), sequence })
    }

    /// The same from where a page is known to stand, if that is further on.
    #[must_use]
    pub fn reached(mut self, position: &Cursor) -> Self {
        if position.epoch == self.cursor.epoch && position.sequence > self.cursor.sequence {
            self.cursor.sequence = position.sequence;
        }
        self
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, stream, user, nonce, cursor } = self;
        write!(f, "{VERSION}/{account}/{stream}/{OPEN}/u{user}/{nonce}@{cursor}")
    }
}

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (name, cursor) = text.rsplit_once('@').ok_or(())?;
        let parts: Vec<&str> = name.split('/').collect();
        let [VERSION, account, stream, OPEN, user, nonce] = parts.as_slice() else {
            return Err(());
        };
        Ok(Self {
            account: Slug::parse(account).map_err(drop)?,
            stream: stream.parse()?,
            user: user.strip_prefix('u').ok_or(())?.parse().map_err(drop)?,
            nonce: (*nonce).to_owned(),
            cursor: cursor.parse()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::id::{BoardId, CardId, EndpointId};

    #[test]
    fn names_read_back_as_they_were_written() {
        let streams = [
            Stream::Board(BoardId::new()),
            Stream::BoardActivities(BoardId::new()),
            Stream::Card(CardId::new()),
            Stream::CardActivities(CardId::new()),
            Stream::AccountActivities,
            Stream::Deliveries(EndpointId::new()),
            Stream::User(UserId::new()),
        ];
        for stream in streams {
            let slug = Slug::parse("northfold").expect("a slug");
            let cursor = Cursor { epoch: "0a1b2c3d".to_owned(), sequence: 42 };
            let name = Name::new(slug, stream, UserId::new(), cursor);
            assert_eq!(name.to_string().parse(), Ok(name));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in
            ["", "board:42@7", "v2/northfold/account:activities/open/u1/n@e.1", "@", "v1/@e.1"]
        {
            assert!(text.parse::<Name>().is_err(), "{text:?} was taken for a name");
        }
    }
}
