//! The newest rows of a part of the log.
//!
//! A board that has gone quiet must be as fast as a busy one: compared as one row value, board and
//! sequence make the planner walk the board's own index instead of the account's whole log; and
//! several boards are several such walks, of which the newest rows are taken.

use sqlx::PgConnection;

use super::lanes;
use super::page::{Page, Scope};
use super::row::Row;
use super::span::Span;
use crate::events::Source;
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// The newest rows between two sequences, the newest first.
pub(super) async fn rows(
    connection: &mut PgConnection,
    account: AccountId,
    page: &Page,
    span: Span,
) -> sqlx::Result<Vec<Row>> {
    let kinds: Vec<&str> = page.kinds.iter().map(|kind| kind.name).collect();
    let kinds = kinds.as_slice();
    let (since, until) = page.within.unzip();
    match &page.scope {
        Scope::Account if page.asks_for_few_kinds() => {
            sqlx::query_as!(
                Row,
                r#"select sequence as "sequence!", id as "id!: EventId", subject_type as "subject_type!",
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
                       source as "source!: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at as "created_at!"
                   from unnest($4::text[]) as kind (name) cross join lateral (
                       select * from activities
                       where account_id = $1 and subject_type >= kind.name
                         and (subject_type, sequence) < (kind.name, $2) and sequence > $3
                         and ($5::uuid is null or creator_id = $5)
                         and (board_id is null or board_id <> all($6))
                         and ($7::timestamptz is null or created_at >= $7)
                         and ($8::timestamptz is null or created_at < $8)
                       order by subject_type desc, sequence desc limit $9
                   ) lane order by sequence desc limit $9"#,
                account as _,
                span.before,
                span.after,
                kinds as _,
                page.creator as _,
                &page.without as _,
                since,
                until,
                page.limit,
            )
            .fetch_all(connection)
            .await
        }
        Scope::Account => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and sequence < $2 and sequence > $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by sequence desc limit $9"#,
                account as _,
                span.before,
                span.after,
                kinds as _,
                page.creator as _,
                &page.without as _,
                since,
                until,
                page.limit,
            )
            .fetch_all(connection)
            .await
        }
        Scope::Boards { ids, and_none } => {
            lanes::newest(connection, account, page, span, (ids, *and_none)).await
        }
        Scope::Person(person) => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and creator_id >= $10 and (creator_id, sequence) < ($10, $2)
                     and sequence > $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by creator_id desc, sequence desc limit $9"#,
                account as _,
                span.before,
                span.after,
                kinds as _,
                page.creator as _,
                &page.without as _,
                since,
                until,
                page.limit,
                person as _,
            )
            .fetch_all(connection)
            .await
        }
        Scope::Card(card) => {
            sqlx::query_as!(
                Row,
                r#"select sequence, id as "id: EventId", subject_type,
                       creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
                       card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
                       source as "source: Source", token_id as "token_id: TokenId",
                       address_id as "address_id: AddressId", created_at
                   from activities
                   where account_id = $1 and card_id >= $10 and (card_id, sequence) < ($10, $2)
                     and sequence > $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by card_id desc, sequence desc limit $9"#,
                account as _,
                span.before,
                span.after,
                kinds as _,
                page.creator as _,
                &page.without as _,
                since,
                until,
                page.limit,
                card as _,
            )
            .fetch_all(connection)
            .await
        }
    }
}
