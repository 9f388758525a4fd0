//! Taking a tag off a card.

use super::{Actor, Card, Result, lock, touch};
use crate::domain::tags::Tag;
use crate::events::Log;
use crate::events::kinds::card_untagged::CardUntagged;
use crate::values::Color;
use crate::values::id::TagId;

/// Takes a tag off a card. If the card was without it, nothing is recorded.
///
/// # Errors
/// [`super::Error::NotFound`] when there is no such card for them.
pub async fn untag(log: &Log, actor: &Actor, number: i64, tag: TagId) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    let removed = sqlx::query_as!(
        Tag,
        r#"with removed as (
               delete from taggings where account_id = $1 and card_id = $2 and tag_id = $3
               returning tag_id
           )
           select t.id as "id: TagId", t.name, t.color as "color: Color"
           from removed join tags t on t.account_id = $1 and t.id = removed.tag_id"#,
        account as _,
        card.id as _,
        tag as _,
    )
    .fetch_optional(&mut *change)
    .await?;
    let Some(tag) = removed else { return Ok(card) };
    let card = touch(&mut change, account, card).await?;
    let (board_id, snapshot) = (card.board_id, card.snapshot());
    change.record(CardUntagged { board_id, card: snapshot, tag: tag.snapshot() }).await?;
    Ok(card)
}
