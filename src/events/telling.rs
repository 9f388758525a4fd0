//! Telling the story of a card from the log, up to a sequence.

use sqlx::PgConnection;

use super::board_as_it_was::Stamp;
use super::history::{self, From, Page, Scope};
use super::{KINDS, Log, Story};
use crate::values::id::{AccountId, CardId};

/// So many activities are read at once.
const WINDOW: i64 = 500;

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
    let mut story = Story::default();
    let mut page = Page::newest(Scope::Card(card), WINDOW, KINDS.to_vec());
    page.from = From::After(0);
    loop {
        let activities = history::page_on(log, connection, account, &page).await?;
        for activity in activities.iter().filter(|activity| activity.sequence <= up_to) {
            let header = &activity.header;
            story.now = Stamp { at: header.created_at, by: header.creator_id };
            activity.event.tell(&mut story);
        }
        match activities.last() {
            Some(last) if last.sequence < up_to => page.from = From::After(last.sequence),
            _ => return Ok(story),
        }
    }
}
