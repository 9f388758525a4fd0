//! Taking a card off somebody.

use super::{Actor, Card, Result, lock, touch};
use crate::events::Log;
use crate::events::kinds::card_unassigned::CardUnassigned;
use crate::values::id::UserId;

/// Takes a card off a member. If it was not their work, nothing is recorded.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn unassign(log: &Log, actor: &Actor, number: i64, user: UserId) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    let removed = sqlx::query!(
        "delete from assignments where account_id = $1 and card_id = $2 and user_id = $3",
        account as _,
        card.id as _,
        user as _,
    )
    .execute(&mut *change)
    .await?;
    if removed.rows_affected() == 0 {
        return Ok(card);
    }
    let card = touch(&mut change, account, card).await?;
    let (board_id, snapshot) = (card.board_id, card.snapshot());
    change.record(CardUnassigned { board_id, card: snapshot, user_id: user }).await?;
    Ok(card)
}
