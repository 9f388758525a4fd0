//! Which streams some activities concern, so that nothing is rendered for the others.

use std::collections::HashSet;

use sqlx::PgPool;

use super::Stream;
use crate::domain::Result;
use crate::events::{Activity, Audience, Region};
use crate::notifications;
use crate::values::id::{AccountId, BoardId, CardId, UserId};

/// What some activities are about.
#[derive(Debug, Default)]
pub(super) struct Concern {
    boards: HashSet<BoardId>,
    cards: HashSet<CardId>,
    people: HashSet<UserId>,
    everybody: bool,
    /// Whether a card’s page may say something old of its board or of the members.
    surroundings: bool,
}

impl Concern {
    /// What these are about, in one query at the most.
    ///
    /// # Errors
    /// A database that fails.
    pub(super) async fn of(
        pool: &PgPool,
        account: AccountId,
        activities: &[Activity],
    ) -> Result<Self> {
        let (mut concern, mut followed) = (Self::default(), Vec::new());
        for activity in activities {
            concern.boards.extend(activity.header.board_id);
            concern.cards.extend(activity.header.card_id);
            match activity.event.audience() {
                Audience::Nobody => {}
                Audience::Watchers(card) => followed.push(card),
                Audience::People { people, .. } => concern.people.extend(people),
            }
            for region in activity.event.touches() {
                match region {
                    Region::Sight(Some(user)) => drop(concern.people.insert(user)),
                    Region::Sight(None) => concern.everybody = true,
                    Region::Members
                    | Region::Board(_)
                    | Region::BoardPage(_)
                    | Region::Columns(_) => concern.surroundings = true,
                    _ => {}
                }
            }
        }
        if !followed.is_empty() {
            concern.people.extend(notifications::followers(pool, account, &followed).await?);
        }
        Ok(concern)
    }

    /// Whether they concern whoever follows a stream.
    pub(super) fn includes(&self, stream: Stream) -> bool {
        match stream {
            Stream::Board(id) | Stream::BoardActivities(id) => self.boards.contains(&id),
            Stream::Card(id) => self.surroundings || self.cards.contains(&id),
            Stream::CardActivities(id) => self.cards.contains(&id),
            Stream::AccountActivities | Stream::AccountRefreshes => true,
            Stream::User(id) => self.everybody || self.people.contains(&id),
        }
    }
}
