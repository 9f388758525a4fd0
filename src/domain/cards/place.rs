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

impl Place {
    /// The place at a position counted from zero among the other open cards, or after the last one.
    /// The column must be locked.
    pub(super) async fn find(
        connection: &mut PgConnection,
        account: AccountId,
        column: ColumnId,
        position: Option<u32>,
        card: Option<CardId>,
    ) -> Result<Self> {
        let position = match position {
            Some(position) => i64::from(position),
            None => i64::MAX,
        };
        let mut neighbours = sqlx::query_as!(
            Neighbour,
            r#"with others as (
                   select id, rank, row_number() over (order by rank, id) as place
                   from cards c where account_id = $1 and column_id = $2 and id is distinct from $3
                     and not exists (select from closures k
                                     where k.account_id = $1 and k.card_id = c.id)
               ), here as (
                   select least($4, (select count(*) from others)) as position
               )
               select id as "id: CardId", rank as "rank: Rank" from others, here
               where place in (position, position + 1) order by place"#,
            account as _,
            column as _,
            card as _,
            position,
        )
        .fetch_all(connection)
        .await?
        .into_iter();
        let before = if position > 0 { neighbours.next() } else { None };
        Ok(Self { before, after: neighbours.next() })
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
