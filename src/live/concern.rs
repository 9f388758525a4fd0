//! Which streams some activities concern, so that nothing is rendered for the others.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

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
    /// Whether a private board’s page may say an old number of people.
    members: bool,
}

impl Concern {
    /// What these are about, in one query at the most.
    ///
    /// # Errors
    /// A database that fails.
    pub(super) async fn of(
        connection: &mut PgConnection,
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
                // There are few of them, and it is rare.
                Audience::Admins(_) => concern.everybody = true,
            }
            for region in activity.event.touches() {
                match region {
                    Region::Sight(Some(user)) => drop(concern.people.insert(user)),
                    Region::Sight(None) => concern.everybody = true,
                    Region::Members => {
                        (concern.surroundings, concern.members) = (true, true);
                    }
                    Region::Board(_) | Region::BoardPage(_) | Region::Columns(_) => {
                        concern.surroundings = true;
                    }
                    _ => {}
                }
            }
        }
        if !followed.is_empty() {
            concern.people.extend(notifications::followers(connection, account, &followed).await?);
        }
        Ok(concern)
    }

    /// Those streams that they concern, of all that are followed. Mostly it asks for a few of them
    /// rather than to go over all.
    pub(super) fn among<T>(&self, followed: &HashMap<Stream, T>) -> Vec<Stream> {
        if self.everybody || self.surroundings {
            return followed.keys().copied().filter(|stream| self.includes(*stream)).collect();
        }
        let boards =
            self.boards.iter().flat_map(|id| [Stream::Board(*id), Stream::BoardActivities(*id)]);
        let cards =
            self.cards.iter().flat_map(|id| [Stream::Card(*id), Stream::CardActivities(*id)]);
        let people = self.people.iter().map(|id| Stream::User(*id));
        let account = [Stream::AccountActivities, Stream::AccountRefreshes];
        let streams = boards.chain(cards).chain(people).chain(account);
        streams.filter(|stream| followed.contains_key(stream)).collect()
    }

    /// Whether they concern whoever follows a stream.
    fn includes(&self, stream: Stream) -> bool {
        match stream {
            Stream::Board(id) => self.members || self.boards.contains(&id),
            Stream::BoardActivities(id) => self.boards.contains(&id),
            Stream::Card(id) => self.surroundings || self.cards.contains(&id),
            Stream::CardActivities(id) => self.cards.contains(&id),
            Stream::AccountActivities | Stream::AccountRefreshes => true,
            // Told what they must load anew, not what it is.
            Stream::Deliveries(_) => false,
            Stream::User(id) => self.everybody || self.people.contains(&id),
        }
    }
}
