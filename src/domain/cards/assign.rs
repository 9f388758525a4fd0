//! Making a card somebody's work.

use sqlx::PgConnection;

use super::{Actor, Card, Error, Result, lock, touch, watch};
use crate::events::Log;
use crate::events::kinds::card_assigned::CardAssigned;
use crate::values::clock;
use crate::values::id::{AccountId, CardId, UserId};

/// How many people a card may be assigned to.
const MOST_ASSIGNEES: i64 = 100;

/// Assigns a card to a member who sees its board; they follow the card from then on. One who is
/// assigned already stays so, and nothing is recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is no such card for them; [`Error::Invalid`] when there is no
/// such member for this board, or the card has a hundred assignees.
pub async fn assign(log: &Log, actor: &Actor, number: i64, user: UserId) -> Result<Card> {
    actor.may_write()?;
    let account = actor.account.id;
    let mut change = log.change(&actor.creator()).await?;
    let card = lock(&mut change, actor, number).await?;
    if !may_be_added(&mut change, account, &card, user).await? {
        return Ok(card);
    }
    insert(&mut change, actor, card.id, user).await?;
    watch(&mut change, account, card.id, user).await?;
    let card = touch(&mut change, account, card).await?;
    let (board_id, snapshot) = (card.board_id, card.snapshot());
    change.record(CardAssigned { board_id, card: snapshot, user_id: user }).await?;
    Ok(card)
}

/// Whether they are still to be added.
async fn may_be_added(
    connection: &mut PgConnection,
    account: AccountId,
    card: &Card,
    user: UserId,
) -> Result<bool> {
    let now = sqlx::query!(
        r#"select count(*) as "assignees!", coalesce(bool_or(user_id = $3), false) as "is_one!",
               exists (select from board_viewers v
                       where v.account_id = $1 and v.board_id = $4 and v.user_id = $3) as "sees!"
           from assignments where account_id = $1 and card_id = $2"#,
        account as _,
        card.id as _,
        user as _,
        card.board_id as _,
    )
    .fetch_one(connection)
    .await?;
    match now {
        _ if now.is_one => Ok(false),
        _ if !now.sees => Err(Error::invalid("user_id", "Choose somebody who sees this board.")),
        _ if now.assignees >= MOST_ASSIGNEES => {
            Err(Error::invalid("user_id", "A card is the work of a hundred people at the most."))
        }
        _ => Ok(true),
    }
}

async fn insert(
    connection: &mut PgConnection,
    actor: &Actor,
    card: CardId,
    user: UserId,
) -> Result<()> {
    sqlx::query!(
        "insert into assignments (account_id, card_id, user_id, assigner_id, created_at)
         values ($1, $2, $3, $4, $5)",
        actor.account.id as _,
        card as _,
        user as _,
        actor.user_id as _,
        clock::now(),
    )
    .execute(connection)
    .await?;
    Ok(())
}
