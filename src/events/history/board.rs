//! The rows that change one board, the oldest first: its own, and those that reach it from without.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::row::Row;
use super::span::Span;
use crate::events::{KINDS, Kind, Source};
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// The sequences of a board's own events around a point of the account's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// Its first; none for a board that has none.
    pub first: Option<i64>,
    /// The last one at that point, and the one before it, if there are.
    pub last: Vec<i64>,
    /// The next one after that point.
    pub next: Option<i64>,
    /// Its newest.
    pub newest: Option<i64>,
}

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
               card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
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

/// The steps of a board around a sequence.
pub(super) async fn steps(
    connection: &mut PgConnection,
    account: AccountId,
    board: BoardId,
    sequence: i64,
) -> sqlx::Result<Steps> {
    sqlx::query_as!(
        Steps,
        r#"select
               (select sequence from activities
                where account_id = $1 and board_id <= $2 and (board_id, sequence) > ($2, 0)
                order by board_id, sequence limit 1) as first,
               array(select sequence from activities
                where account_id = $1 and board_id >= $2 and (board_id, sequence) <= ($2, $3)
                order by board_id desc, sequence desc limit 2) as "last!: Vec<i64>",
               (select sequence from activities
                where account_id = $1 and board_id <= $2 and (board_id, sequence) > ($2, $3)
                order by board_id, sequence limit 1) as next,
               (select sequence from activities
                where account_id = $1 and board_id >= $2
                  and (board_id, sequence) < ($2, 9223372036854775807)
                order by board_id desc, sequence desc limit 1) as newest"#,
        account as _,
        board as _,
        sequence,
    )
    .fetch_one(connection)
    .await
}

/// When some sequences were recorded, in their order.
pub(super) async fn times(
    connection: &mut PgConnection,
    account: AccountId,
    sequences: &[i64],
) -> sqlx::Result<Vec<OffsetDateTime>> {
    let times = sqlx::query_scalar!(
        "select created_at from activities where account_id = $1 and sequence = any($2)
         order by sequence",
        account as _,
        sequences,
    );
    times.fetch_all(connection).await
}

/// The newest sequence that was recorded by a time; none before the first.
pub(super) async fn by_time(
    connection: &mut PgConnection,
    account: AccountId,
    time: OffsetDateTime,
) -> sqlx::Result<Option<i64>> {
    let span = Span::around(&mut *connection, account, time, time).await?;
    let newest = sqlx::query_scalar!(
        "select sequence from activities
         where account_id = $1 and sequence < $2 and created_at <= $3
         order by sequence desc limit 1",
        account as _,
        span.before,
        time,
    );
    newest.fetch_optional(connection).await
}

/// The names of the kinds that change boards though they happen on none.
fn reaching() -> Vec<&'static str> {
    let reaches = |kind: &&&Kind| (kind.example)().reaches_boards();
    KINDS.iter().filter(reaches).map(|kind| kind.name).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::events::BoardAsItWas;
    use crate::events::board_as_it_was::CardAsItWas;
    use crate::values::Rank;
    use crate::values::id::ColumnId;

    /// A board that these people were chosen to see, with a card that is theirs.
    fn board_of(people: &[UserId]) -> BoardAsItWas {
        let card = CardAsItWas {
            number: 1,
            title: "Write the letter".to_owned(),
            description: String::new(),
            column_id: ColumnId::new(),
            rank: Rank::between(None, None),
            comments: 0,
            closed: None,
            assignees: people.to_vec(),
            tags: BTreeSet::new(),
        };
        BoardAsItWas {
            chosen: people.iter().copied().collect(),
            cards: BTreeMap::from([(CardId::new(), card)]),
            ..BoardAsItWas::default()
        }
    }

    #[test]
    fn whatever_changes_a_board_from_without_says_so() {
        assert!(!reaching().is_empty(), "whoever is removed leaves their cards");
        for kind in KINDS {
            let event = (kind.example)();
            if event.place().board.is_some() {
                assert!(!event.reaches_boards(), "{} is found by its board", kind.name);
                continue;
            }
            let people: Vec<UserId> = event.sentence().people().chain(event.revokes()).collect();
            let before = board_of(&people);
            let mut after = before.clone();
            event.apply(&mut after);
            assert_eq!(after != before, event.reaches_boards(), "{}", kind.name);
        }
    }
}
