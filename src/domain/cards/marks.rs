//! What stands beside a card's own words: whether it is closed, whose work it is, its tags.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor};
use time::OffsetDateTime;

use super::{Card, Result};
use crate::domain::changed::{Changed, changed_of};
use crate::domain::tags::{self, Tag};
use crate::values::Color;
use crate::values::id::{AccountId, BoardId, CardId, UserId};

/// What stands beside a card's own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// Who closed it and when; none while it is open.
    pub closure: Option<Closure>,
    /// Whose work it is, the longest first.
    pub assignees: Vec<Assignee>,
    /// The tags it is marked with, by name.
    pub tags: Vec<Tag>,
    /// When it last changed, where it is shown who has seen what.
    pub changed: Option<Changed>,
}

/// That a card is done with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// Who closed it.
    pub closer_id: UserId,
    /// What they are called now.
    pub closer_name: String,
    /// When.
    pub created_at: OffsetDateTime,
}

/// Somebody whose work a card is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignee {
    /// Who they are.
    pub id: UserId,
    /// What they are called now.
    pub name: String,
    /// The colour of their pebble.
    pub color: Color,
}

/// Those who may be made its assignees: the members who see a board, by name.
///
/// # Errors
/// A database that fails.
pub async fn candidates(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    board: BoardId,
) -> Result<Vec<Assignee>> {
    let candidates = sqlx::query_as!(
        Assignee,
        r#"select u.id as "id: UserId", u.name, u.color as "color: Color"
           from board_viewers v join users u on u.account_id = $1 and u.id = v.user_id
           where v.account_id = $1 and v.board_id = $2 order by u.name, u.id"#,
        account as _,
        board as _,
    );
    Ok(candidates.fetch_all(executor).await?)
}

/// The marks of a card.
///
/// # Errors
/// A database that fails.
pub async fn marks(
    connection: &mut PgConnection,
    account: AccountId,
    card: CardId,
) -> Result<Marks> {
    Ok(marks_of(connection, account, &[card]).await?.remove(&card).unwrap_or_default())
}

/// The marks of some cards, in four queries however many they are.
///
/// # Errors
/// A database that fails.
async fn marks_of(
    connection: &mut PgConnection,
    account: AccountId,
    cards: &[CardId],
) -> Result<HashMap<CardId, Marks>> {
    let mut closures = closures_of(&mut *connection, account, cards).await?;
    let mut assignees = assignees_of(&mut *connection, account, cards).await?;
    let mut tags = tags::of_cards(&mut *connection, account, cards).await?;
    let mut changed = changed_of(connection, account, cards).await?;
    let marks = cards.iter().map(|card| {
        let marks = Marks {
            closure: closures.remove(card),
            assignees: assignees.remove(card).unwrap_or_default(),
            tags: tags.remove(card).unwrap_or_default(),
            changed: changed.remove(card),
        };
        (*card, marks)
    });
    Ok(marks.collect())
}

/// Some cards with their marks, in four queries however many they are.
///
/// # Errors
/// A database that fails.
pub async fn with_marks(
    connection: &mut PgConnection,
    account: AccountId,
    cards: Vec<Card>,
) -> Result<Vec<(Card, Marks)>> {
    let ids: Vec<CardId> = cards.iter().map(|card| card.id).collect();
    let mut marks = marks_of(connection, account, &ids).await?;
    let with_marks = cards.into_iter().map(|card| {
        let marks = marks.remove(&card.id).unwrap_or_default();
        (card, marks)
    });
    Ok(with_marks.collect())
}

async fn closures_of(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    cards: &[CardId],
) -> Result<HashMap<CardId, Closure>> {
    let rows = sqlx::query!(
        r#"select k.card_id as "card_id: CardId", k.closer_id as "closer_id: UserId", u.name,
               k.created_at
           from closures k join users u on u.account_id = $1 and u.id = k.closer_id
           where k.account_id = $1 and k.card_id = any($2)"#,
        account as _,
        cards as _,
    )
    .fetch_all(executor)
    .await?;
    let closures = rows.into_iter().map(|row| {
        let (closer_id, closer_name, created_at) = (row.closer_id, row.name, row.created_at);
        (row.card_id, Closure { closer_id, closer_name, created_at })
    });
    Ok(closures.collect())
}

/// Whose work some cards are, in one query.
pub(super) async fn assignees_of(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    cards: &[CardId],
) -> Result<HashMap<CardId, Vec<Assignee>>> {
    let rows = sqlx::query!(
        r#"select a.card_id as "card_id: CardId", u.id as "id: UserId", u.name,
               u.color as "color: Color"
           from assignments a join users u on u.account_id = $1 and u.id = a.user_id
           where a.account_id = $1 and a.card_id = any($2) order by a.created_at, u.id"#,
        account as _,
        cards as _,
    )
    .fetch_all(executor)
    .await?;
    let mut assignees: HashMap<CardId, Vec<Assignee>> = HashMap::new();
    for row in rows {
        let assignee = Assignee { id: row.id, name: row.name, color: row.color };
        assignees.entry(row.card_id).or_default().push(assignee);
    }
    Ok(assignees)
}
