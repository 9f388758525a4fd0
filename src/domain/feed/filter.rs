//! What somebody wants to see of a feed, checked against what they may see.

use sqlx::PgConnection;

use crate::domain::boards::Sight;
use crate::domain::{Actor, Error, FieldError, Result, users};
use crate::events::history::{From, Page, Scope};
use crate::events::{KINDS, Kind};
use crate::values::Day;
use crate::values::id::{BoardId, UserId};

/// What a feed is narrowed to; nothing named means all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Only what happened on these boards.
    pub boards: Vec<BoardId>,
    /// Only what this member did.
    pub person: Option<UserId>,
    /// Only kinds that one of these names asks for: `card.moved`, `card.*`.
    pub kinds: Vec<String>,
    /// Only what happened on this day of the viewer's.
    pub day: Option<Day>,
}

impl Filter {
    /// All that happened on one board.
    pub fn board(id: BoardId) -> Self {
        Self { boards: vec![id], ..Self::default() }
    }

    /// All that one member did.
    pub fn person(id: UserId) -> Self {
        Self { person: Some(id), ..Self::default() }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same within a part of the feed, which what was asked for cannot widen.
    #[must_use]
    pub fn within(self, part: &Self) -> Self {
        let boards = if part.boards.is_empty() { self.boards } else { part.boards.clone() };
        Self { boards, person: part.person.or(self.person), ..self }
    }

    /// Those of some kinds that it asks for.
    fn wanted(&self, of: Vec<&'static Kind>) -> Vec<&'static Kind> {
        let wanted = |kind: &&Kind| {
            self.kinds.is_empty() || self.kinds.iter().any(|name| kind.matches(name))
        };
        of.into_iter().filter(wanted).collect()
    }

    /// The page of the log that it means for somebody who sees these boards, of these kinds: never
    /// what they do not see.
    pub(super) async fn page(
        &self,
        connection: &mut PgConnection,
        actor: &Actor,
        sight: &Sight,
        from: From,
        limit: i64,
        kinds: Vec<&'static Kind>,
    ) -> Result<Page> {
        self.check(connection, actor, sight).await?;
        let scope = match (self.person, self.boards.as_slice()) {
            (_, [_, ..]) => Scope::Boards { ids: self.boards.clone(), and_none: false },
            (Some(person), []) => Scope::Person(person),
            (None, []) if sight.hidden.is_empty() => Scope::Account,
            // Rather the boards they see, one by one, than a walk past all that is hidden.
            (None, []) => {
                let ids = sight.seen.iter().map(|board| board.id).collect();
                Scope::Boards { ids, and_none: true }
            }
        };
        Ok(Page {
            scope,
            from,
            limit,
            kinds: self.wanted(kinds),
            creator: self.person,
            without: sight.hidden.clone(),
            within: self.day.map(|day| day.within(&actor.zone)),
        })
    }

    async fn check(
        &self,
        connection: &mut PgConnection,
        actor: &Actor,
        sight: &Sight,
    ) -> Result<()> {
        let mut wrong: Vec<FieldError> = Vec::new();
        let mut refuse = |field, message: String| wrong.push(FieldError { field, message });
        for name in &self.kinds {
            if !KINDS.iter().any(|kind| kind.matches(name)) {
                refuse("kind", format!("There is no event called “{name}”."));
            }
        }
        if self.boards.iter().any(|board| sight.find(*board).is_err()) {
            refuse("board_id", "There is no such board, or none that you see.".to_owned());
        }
        if let Some(person) = self.person
            && users::names(connection, actor.account.id, &[person]).await?.is_empty()
        {
            refuse("creator_id", "There is no such person in this account.".to_owned());
        }
        if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
    }
}
