//! The newest rows of several boards: a walk in the index for each, of which the newest are taken.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::page::Page;
use super::row::Row;
use super::span::Span;
use crate::events::Source;
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// The newest rows of some boards, and of what happened on none if that is asked for too. At first
/// each lane gives its share and a little more; only if one might have more to give, all give as many
/// as the page holds.
pub(super) async fn newest(
    connection: &mut PgConnection,
    account: AccountId,
    page: &Page,
    span: Span,
    lanes: (&[BoardId], bool),
) -> sqlx::Result<Vec<Row>> {
    let few = share(page.limit, lanes.0.len() + usize::from(lanes.1));
    let newest = rows(connection, account, page, span, lanes, few).await?;
    if few == page.limit || are_whole(&newest, few) {
        return Ok(newest);
    }
    rows(connection, account, page, span, lanes, page.limit).await
}

/// A lane's share of the page, twice over, since none is quite as busy as the next.
fn share(limit: i64, lanes: usize) -> i64 {
    let lanes = i64::try_from(lanes.max(1)).unwrap_or(i64::MAX);
    limit.min(limit.div_euclid(lanes) * 2 + 8)
}

/// Whether no lane gave all that was taken of it, so that it might have more to give.
fn are_whole(rows: &[Row], taken: i64) -> bool {
    let mut given: HashMap<Option<BoardId>, i64> = HashMap::new();
    for row in rows {
        *given.entry(row.board_id).or_default() += 1;
    }
    given.values().all(|count| *count < taken)
}

/// The newest rows of all lanes, of at most so many from each.
async fn rows(
    connection: &mut PgConnection,
    account: AccountId,
    page: &Page,
    span: Span,
    (boards, and_none): (&[BoardId], bool),
    most: i64,
) -> sqlx::Result<Vec<Row>> {
    let kinds: Vec<&str> = page.kinds.iter().map(|kind| kind.name).collect();
    let (since, until) = page.within.unzip();
    sqlx::query_as!(
        Row,
        r#"select sequence as "sequence!", id as "id!: EventId", subject_type as "subject_type!",
                   creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                   card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
                   source as "source!: Source", token_id as "token_id: TokenId",
                   address_id as "address_id: AddressId", created_at as "created_at!"
               from (
                   select a.* from unnest($10::uuid[]) as board (id) cross join lateral (
                       select * from activities
                       where account_id = $1 and board_id >= board.id
                         and (board_id, sequence) < (board.id, $2) and sequence > $3
                         and subject_type = any($4)
                         and ($5::uuid is null or creator_id = $5)
                         and (board_id is null or board_id <> all($6))
                         and ($7::timestamptz is null or created_at >= $7)
                         and ($8::timestamptz is null or created_at < $8)
                       order by board_id desc, sequence desc limit $12
                   ) a
                   union all
                   (select * from activities
                    where $11 and account_id = $1 and board_id is null and sequence < $2
                      and sequence > $3 and subject_type = any($4)
                      and ($5::uuid is null or creator_id = $5)
                      and (board_id is null or board_id <> all($6))
                      and ($7::timestamptz is null or created_at >= $7)
                      and ($8::timestamptz is null or created_at < $8)
                    order by sequence desc limit $12)
               ) lane order by sequence desc limit $9"#,
        account as _,
        span.before,
        span.after,
        &kinds as _,
        page.creator as _,
        &page.without as _,
        since,
        until,
        page.limit,
        boards as _,
        and_none,
        most,
    )
    .fetch_all(connection)
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lane_gives_the_whole_page_and_many_their_share() {
        assert_eq!(share(50, 0), 50);
        assert_eq!(share(50, 1), 50);
        assert_eq!(share(50, 2), 50);
        assert_eq!(share(50, 7), 22);
        assert_eq!(share(50, 500), 8);
        assert_eq!(share(1, 7), 1);
    }
}
