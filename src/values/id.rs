//! The ids of things: UUIDv7, one type for each, so that a card is never taken for a board.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;
use uuid::Uuid;

use super::Invalid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later in order than those made before it by this process.
            #[expect(clippy::new_without_default, reason = "every new id differs; no default")]
            #[expect(clippy::disallowed_methods, reason = "this is the one place that may")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The plain UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }

            /// When it was made, to the second; the epoch if it does not say.
            pub fn made_at(self) -> OffsetDateTime {
                let at = self.0.get_timestamp().map_or(0, |at| at.to_unix().0.cast_signed());
                OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                parse(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    )*};
}

ids! {
    /// An account, the tenant.
    AccountId,
    /// A person who signs in.
    IdentityId,
    /// A person as a member of one account.
    UserId,
    /// A board.
    BoardId,
    /// A column of a board.
    ColumnId,
    /// A card.
    CardId,
    /// A comment on a card.
    CommentId,
    /// What is found by its words: the id of its card or its comment.
    FindableId,
    /// A tag that cards are marked with.
    TagId,
    /// An invitation to an account.
    InvitationId,
    /// An event, and the activity that points at it.
    EventId,
    /// A webhook endpoint.
    EndpointId,
    /// One event owed to one endpoint.
    DeliveryId,
    /// A part of the log that is sent to an endpoint again.
    ReplayId,
    /// One try at a delivery.
    AttemptId,
    /// A time during which a webhook endpoint was failing.
    FailingId,
    /// A time during which a webhook endpoint was switched off.
    DisablementId,
    /// A bearer token of the API.
    TokenId,
    /// A request with an idempotency key, while it runs and for a day.
    IdempotencyKeyId,
    /// One signing in, on one device.
    SignInId,
    /// The erasable row of a network address.
    AddressId,
    /// A letter that goes out by mail.
    LetterId,
    /// A notice to one person about one card.
    NotificationId,
    /// Something that a browser reported.
    TrackingEventId,
    /// One request, in the log and in its answer.
    RequestId,
}

fn parse(text: &str) -> Result<Uuid, Invalid> {
    Uuid::try_parse(text)
        .ok()
        .filter(|_| text.len() == 36)
        .ok_or_else(|| Invalid::because("This is not an id: a UUID in its hyphenated form is."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_as_they_were_written() {
        let id = CardId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn what_is_no_hyphenated_uuid_is_refused() {
        for text in
            ["", "42", "0192d2f0c5d47a0e8b1e2d3c4b5a6978", "{0192d2f0-c5d4-7a0e-8b1e-2d3c4b5a6978}"]
        {
            assert!(text.parse::<CardId>().is_err(), "{text:?} was taken for an id");
        }
    }
}
