//! A place among the open cards of a column.

use sqlx::PgConnection;

use super::{Card, Result};
use crate::values::Rank;
use crate::values::id::{AccountId, CardId, ColumnId};

/// The two cards that something is put between; none at an end of the column.
pub(super) struct Place {
    before: Option<Neighbour>,
    after: Option<Neighbour>,
}

struct Neighbour {
    id: CardId,
    rank: Rank,
}

/// Where among the open cards of a column something is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// After the last one.
    Last,
    /// At a position counted from zero among the others.
    Position(u32),
    /// Where it stood when it had this rank.
    Rank(Rank),
}

impl From<Option<u32>> for Spot {
    fn from(position: Option<u32>) -> Self {
        position.map_or(Self::Last, Self::Position)
    }
}

impl Place {
    /// The place at a spot among the other open cards. The column must be locked.
    pub(super) async fn find(
        connection: &mut PgConnection,
        account: AccountId,
        column: ColumnId,
        spot: Spot,
        card: Option<CardId>,
    ) -> Result<Self> {
        let (position, rank) = match spot {
            Spot::Last => (i64::MAX, None),
            Spot::Position(position) => (i64::from(position), None),
            Spot::Rank(rank) => (i64::MAX, Some(rank)),
        };
        let neighbours = sqlx::query!(
            r#"with others as (
                   select id, rank, row_number() over (order by rank, id) as place
                   from cards c where account_id = $1 and column_id = $2 and id is distinct from $3
                     and not exists (select from closures k
                                     where k.account_id = $1 and k.card_id = c.id)
               ), here as (
                   select least($4, (select count(*) from others
                                     where $5::text is null or rank < $5)) as position
               )
               select id as "id: CardId", rank as "rank: Rank", place = position as "is_before!"
               from others, here where place in (position, position + 1)"#,
            account as _,
            column as _,
            card as _,
            position,
            rank as _,
        )
        .fetch_all(connection)
        .await?;
        let (mut before, mut after) = (None, None);
        for row in neighbours {
            let neighbour = Some(Neighbour { id: row.id, rank: row.rank });
            if row.is_before { before = neighbour } else { after = neighbour }
        }
        Ok(Self { before, after })
    }

    /// A rank for whatever is put here.
    pub(super) fn rank(&self) -> Rank {
        let rank = |neighbour: &Option<Neighbour>| neighbour.as_ref().map(|card| card.rank.clone());
        Rank::between(rank(&self.before).as_ref(), rank(&self.after).as_ref())
    }

    /// Whether a card of this column stands here already.
    pub(super) fn holds(&self, card: &Card) -> bool {
        let here = (&card.rank, card.id);
        self.before.as_ref().is_none_or(|before| (&before.rank, before.id) < here)
            && self.after.as_ref().is_none_or(|after| here < (&after.rank, after.id))
    }
}
