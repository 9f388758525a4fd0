//! Editing a card's title and description.

use sqlx::PgConnection;

use super::{Actor, Card, Error, Result, lock};
use crate::events::kinds::card_updated::{CardUpdated, Changes};
use crate::events::{Change, Log};
use crate::values::id::AccountId;
use crate::values::{Description, Title, clock};

/// What is to be changed; none leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The new title.
    pub title: Option<Title>,
    /// The new description.
    pub description: Option<Description>,
    /// The version that was edited; if the card has another one now, nothing is changed.
    pub version: Option<i64>,
}

/// Edits a card. An edit that changes nothing is not recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Conflict`] when somebody
/// else edited it since.
pub async fn update(log: &Log, actor: &Actor, number: i64, edit: Edit) -> Result<Card> {
    actor.may_write()?;
    update_in(log.change(&actor.creator()).await?, actor, number, edit).await
}

/// The same in a change that was begun by somebody who may write.
pub(in crate::domain) async fn update_in(
    mut change: Change,
    actor: &Actor,
    number: i64,
    edit: Edit,
) -> Result<Card> {
    let before = lock(&mut change, actor, number).await?;
    if edit.version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict { version: before.version });
    }
    let after = edited(&before, edit);
    let changes = changes(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    write(&mut change, actor.account.id, &after).await?;
    after.let_be_found(&mut change, actor.account.id).await?;
    let (board_id, card) = (after.board_id, after.snapshot());
    change.record(CardUpdated { board_id, card, changes }).await?;
    Ok(after)
}

fn edited(card: &Card, edit: Edit) -> Card {
    let mut card = card.clone();
    if let Some(title) = edit.title {
        card.title = title.into_string();
    }
    if let Some(description) = edit.description {
        card.description = description.into_string();
    }
    card.version += 1;
    card.updated_at = clock::now();
    card
}

fn changes(before: &Card, after: &Card) -> Changes {
    let attributes = [
        ("title", &before.title, &after.title),
        ("description", &before.description, &after.description),
    ];
    let changed = attributes.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(attribute, old, new)| (attribute, (old.clone(), new.clone()))).collect()
}

async fn write(connection: &mut PgConnection, account: AccountId, card: &Card) -> Result<()> {
    sqlx::query!(
        "update cards set title = $3, description = $4, version = $5, updated_at = $6
         where account_id = $1 and id = $2",
        account as _,
        card.id as _,
        card.title,
        card.description,
        card.version,
        card.updated_at,
    )
    .execute(connection)
    .await?;
    Ok(())
}
