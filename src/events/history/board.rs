//! The rows that change one board, the oldest first: its own, and those that reach it from without.

use sqlx::PgConnection;

use super::row::Row;
use crate::events::{KINDS, Source};
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// The oldest rows after one sequence and up to another: a walk in the index of the board, and one
/// for each kind that reaches boards though it happens on none. What else happens on no board (sign-ins,
/// tokens) is not walked through.
pub(super) async fn rows(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    (after, up_to): (i64, i64),
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    sqlx::query_as!(
        Row,
        r#"select sequence as "sequence!", id as "id!: EventId", subject_type as "subject_type!",
               creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
               card_id as "card_id: CardId", cause_id as "cause_id: EventId",
               source as "source!: Source", token_id as "token_id: TokenId",
               address_id as "address_id: AddressId", created_at as "created_at!"
           from (
               (select * from activities
                where account_id = $1 and board_id <= $2 and (board_id, sequence) > ($2, $3)
                  and sequence <= $4
                order by board_id, sequence limit $5)
               union all
               select a.* from unnest($6::text[]) as kind (name) cross join lateral (
                   select * from activities
                   where account_id = $1 and subject_type <= kind.name
                     and (subject_type, sequence) > (kind.name, $3) and sequence <= $4
                     and board_id is null
                   order by subject_type, sequence limit $5
               ) a
           ) lane order by sequence limit $5"#,
        account as _,
        board as _,
        after,
        up_to,
        limit,
        &reaching() as _,
    )
    .fetch_all(connection)
    .await
}

/// The names of the kinds that change boards though they happen on none.
fn reaching() -> Vec<&'static str> {
    let reaches = |kind: &&&crate::events::Kind| (kind.example)().reaches_boards();
    KINDS.iter().filter(reaches).map(|kind| kind.name).collect()
}
