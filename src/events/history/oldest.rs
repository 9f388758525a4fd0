//! The oldest rows of a part of the log: as in `newest`, the other way round.

use sqlx::PgConnection;

use super::page::{Page, Scope};
use super::row::Row;
use super::span::Span;
use crate::events::Source;
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// The oldest rows between two sequences, the oldest first.
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
                       where account_id = $1 and subject_type <= kind.name
                         and (subject_type, sequence) > (kind.name, $2) and sequence < $3
                         and ($5::uuid is null or creator_id = $5)
                         and (board_id is null or board_id <> all($6))
                         and ($7::timestamptz is null or created_at >= $7)
                         and ($8::timestamptz is null or created_at < $8)
                       order by subject_type, sequence limit $9
                   ) lane order by sequence limit $9"#,
                account as _,
                span.after,
                span.before,
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
                   where account_id = $1 and sequence > $2 and sequence < $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by sequence limit $9"#,
                account as _,
                span.after,
                span.before,
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
                           where account_id = $1 and board_id <= board.id
                             and (board_id, sequence) > (board.id, $2) and sequence < $3
                             and subject_type = any($4)
                             and ($5::uuid is null or creator_id = $5)
                             and (board_id is null or board_id <> all($6))
                             and ($7::timestamptz is null or created_at >= $7)
                             and ($8::timestamptz is null or created_at < $8)
                           order by board_id, sequence limit $9
                       ) a
                       union all
                       (select * from activities
                        where $11 and account_id = $1 and board_id is null and sequence > $2
                          and sequence < $3 and subject_type = any($4)
                          and ($5::uuid is null or creator_id = $5)
                          and (board_id is null or board_id <> all($6))
                          and ($7::timestamptz is null or created_at >= $7)
                          and ($8::timestamptz is null or created_at < $8)
                        order by sequence limit $9)
                   ) lane order by sequence limit $9"#,
                account as _,
                span.after,
                span.before,
                kinds as _,
                page.creator as _,
                &page.without as _,
                since,
                until,
                page.limit,
                ids as _,
                *and_none,
            )
            .fetch_all(connection)
            .await
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
                   where account_id = $1 and creator_id <= $10 and (creator_id, sequence) > ($10, $2)
                     and sequence < $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by creator_id, sequence limit $9"#,
                account as _,
                span.after,
                span.before,
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
                   where account_id = $1 and card_id <= $10 and (card_id, sequence) > ($10, $2)
                     and sequence < $3 and subject_type = any($4)
                     and ($5::uuid is null or creator_id = $5)
                     and (board_id is null or board_id <> all($6))
                     and ($7::timestamptz is null or created_at >= $7)
                     and ($8::timestamptz is null or created_at < $8)
                   order by card_id, sequence limit $9"#,
                account as _,
                span.after,
                span.before,
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
