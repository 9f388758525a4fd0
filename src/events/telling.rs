//! Telling the stories of cards from the log, up to a sequence.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::board_as_it_was::Stamp;
use super::{Log, Story, history};
use crate::values::id::{AccountId, CardId};

/// So many activities are read at once.
const WINDOW: i64 = 5_000;

/// The story of a card, from its first event to the one with a sequence.
///
/// # Errors
/// A database that fails.
pub async fn story_of(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
    up_to: i64,
) -> sqlx::Result<Story> {
    let mut stories = stories_of(log, connection, account, &[card], up_to).await?;
    Ok(stories.remove(&card).unwrap_or_default())
}

/// The stories of some cards; none of those to which nothing ever happened.
///
/// # Errors
/// A database that fails.
pub async fn stories_of(
    log: &Log,
    connection: &mut PgConnection,
    account: AccountId,
    cards: &[CardId],
    up_to: i64,
) -> sqlx::Result<HashMap<CardId, Story>> {
    let mut stories: HashMap<CardId, Story> = HashMap::new();
    let mut after = 0;
    loop {
        let span = (after, up_to);
        let window = history::of_cards(log, connection, account, cards, span, WINDOW).await?;
        for activity in &window {
            let Some(card) = activity.header.card_id else { continue };
            let story = stories.entry(card).or_default();
            story.now = Stamp { at: activity.header.created_at, by: activity.header.creator_id };
            activity.event.tell(story);
        }
        match window.last() {
            Some(last) => after = last.sequence,
            None => return Ok(stories),
        }
    }
}
