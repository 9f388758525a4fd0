//! Marking a card with a tag.

use sqlx::PgConnection;

use super::{Actor, Card, Error, Result, lock, touch};
use crate::domain::tags;
use crate::events::Log;
use crate::events::kinds::card_tagged::CardTagged;
use crate::values::id::{AccountId, CardId, TagId};
use crate::values::{TagName, clock};

/// How many tags a card may have.
const MOST_TAGS: i64 = 50;

/// Marks a card with the tag of this name, which is made when it is first used. A card that has
/// it already stays as it is, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Invalid`] when the card has
/// fifty tags.
pub async fn tag(log: &Log, actor: &Actor, number: i64, name: TagName) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    let tag = tags::named(&mut change, account, &name).await?;
    if !insert(&mut change, account, card.id, tag.id).await? {
        return Ok(card);
    }
    if count(&mut change, account, card.id).await? > MOST_TAGS {
        return Err(Error::invalid("name", "A card has fifty tags at the most."));
    }
    let card = touch(&mut change, account, card).await?;
    let (board_id, snapshot) = (card.board_id, card.snapshot());
    change.record(CardTagged { board_id, card: snapshot, tag: tag.snapshot() }).await?;
    Ok(card)
}

/// Whether the card was without it until now.
async fn insert(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
    tag: TagId,
) -> Result<bool> {
    let tagged = sqlx::query!(
        "insert into taggings (account_id, card_id, tag_id, created_at) values ($1, $2, $3, $4)
         on conflict do nothing",
        account as _,
        card as _,
        tag as _,
        clock::now(),
    );
    Ok(tagged.execute(connection).await?.rows_affected() > 0)
}

async fn count(connection: &mut PgConnection, account: AccountId, card: CardId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from taggings where account_id = $1 and card_id = $2"#,
        account as _,
        card as _,
    );
    Ok(count.fetch_one(connection).await?)
}
