//! What an audit is narrowed to, checked against what whoever asks may know of.

use ipnet::IpNet;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::domain::boards::Sight;
use crate::domain::{Actor, Error, FieldError, Result, cards, users};
use crate::events::history::{self, Narrowing};
use crate::events::{KINDS, Kind, Log};
use crate::values::Day;
use crate::values::id::{BoardId, CardId, UserId};

/// What an audit is narrowed to; nothing named means all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only what this member did, or did while they were one.
    pub person: Option<UserId>,
    /// Only kinds that one of these names asks for: `card.moved`, `card.*`.
    pub kinds: Vec<String>,
    /// Only what happened on this board.
    pub board: Option<BoardId>,
    /// Only what happened to the card of this number, one that was deleted too.
    pub card: Option<i64>,
    /// Only from the beginning of this day of the account’s on.
    pub since: Option<Day>,
    /// Only up to the end of this day of the account’s.
    pub until: Option<Day>,
    /// Only what was done from an address of this network.
    pub network: Option<IpNet>,
}

impl Filter {
    /// The walk that it means for somebody with this sight. Whoever names a kind, a board or a card
    /// is told nothing of boards that they do not see: that it was let through would say what it is.
    pub(super) async fn narrowing(
        &self,
        log: &Log,
        connection: &mut PgConnection,
        actor: &Actor,
        sight: &Sight,
    ) -> Result<Narrowing> {
        let mut wrong = self.wrong(sight);
        if let Some(person) = self.person
            && users::names(&mut *connection, actor.account.id, &[person]).await?.is_empty()
        {
            wrong.push(error("creator_id", "There is no such person in this account."));
        }
        let card = self.card_id(log, connection, actor, &mut wrong).await?;
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let names_things = !self.kinds.is_empty() || self.board.is_some() || card.is_some();
        Ok(Narrowing {
            kinds: (!self.kinds.is_empty()).then(|| self.kinds()),
            creator: self.person,
            board: self.board,
            card,
            network: self.network,
            without: if names_things { sight.hidden.clone() } else { Vec::new() },
            within: self.within(actor),
        })
    }

    fn wrong(&self, sight: &Sight) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        for name in &self.kinds {
            if !audited().any(|kind| kind.matches(name)) {
                wrong.push(error("kind", format!("There is no event called “{name}”.")));
            }
        }
        if self.board.is_some_and(|board| sight.find(board).is_err()) {
            wrong.push(error("board_id", "There is no such board, or none that you see."));
        }
        if self.since.zip(self.until).is_some_and(|(since, until)| until < since) {
            wrong.push(error("until", "This is before the day with which it begins."));
        }
        wrong
    }

    /// The id of the card, which may have been deleted.
    async fn card_id(
        &self,
        log: &Log,
        connection: &mut PgConnection,
        actor: &Actor,
        wrong: &mut Vec<FieldError>,
    ) -> Result<Option<CardId>> {
        let Some(number) = self.card else { return Ok(None) };
        let card = match cards::find(&mut *connection, actor, number).await {
            Ok(card) => Ok(card.id),
            Err(Error::NotFound) => {
                cards::gone(log, connection, actor, number).await.map(|gone| gone.id)
            }
            Err(other) => Err(other),
        };
        match card {
            Ok(id) => Ok(Some(id)),
            Err(Error::NotFound) => {
                wrong.push(error("card", "There is no such card, or none that you see."));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    fn kinds(&self) -> Vec<&'static Kind> {
        audited().filter(|kind| self.kinds.iter().any(|name| kind.matches(name))).collect()
    }

    /// The days as the account counts them; an end that is open is far away.
    fn within(&self, actor: &Actor) -> Option<(OffsetDateTime, OffsetDateTime)> {
        let zone = &actor.account.zone;
        let since = self.since.map(|day| day.within(zone).0);
        let until = self.until.map(|day| day.within(zone).1);
        (since.is_some() || until.is_some()).then(|| {
            (since.unwrap_or(OffsetDateTime::UNIX_EPOCH), until.unwrap_or(history::FOR_EVER))
        })
    }
}

/// The kinds that an audit shows.
pub(super) fn audited() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().copied().filter(|kind| kind.shows.audit)
}

fn error(field: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { field, message: message.into() }
}
