//! The newest rows of a part of the log that are looked at one by one, whatever is asked of them.

use ipnet::IpNet;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::narrowing::Narrowing;
use super::row::Row;
use super::span::Span;
use crate::events::Source;
use crate::values::id::{AccountId, AddressId, BoardId, CardId, EventId, TokenId, UserId};

/// When anybody was first at an address of a network, which the id of its row says; none: nobody
/// ever was.
pub(super) async fn first_seen(
    connection: &mut PgConnection,
    account: AccountId,
    network: IpNet,
) -> sqlx::Result<Option<OffsetDateTime>> {
    let first = sqlx::query_scalar!(
        r#"select id as "id: AddressId" from addresses
           where account_id = $1 and address::inet <<= $2::text::inet order by id limit 1"#,
        account as _,
        network.to_string(),
    );
    Ok(first.fetch_optional(connection).await?.map(|id| id.made_at()))
}

/// The newest rows between two sequences, the newest first. The addresses of the network are found
/// once, the rows that they are looked for in walk down the log by its numbers.
pub(super) async fn rows(
    connection: &mut PgConnection,
    account: AccountId,
    narrowing: &Narrowing,
    span: Span,
    limit: i64,
) -> sqlx::Result<Vec<Row>> {
    let kinds = narrowing.kinds.as_ref();
    let kinds: Option<Vec<&str>> = kinds.map(|kinds| kinds.iter().map(|kind| kind.name).collect());
    let (since, until) = narrowing.within.unzip();
    sqlx::query_as!(
        Row,
        r#"select sequence, id as "id: EventId", subject_type,
               creator_id as "creator_id: UserId", board_id as "board_id: BoardId",
               card_id as "card_id: CardId", cause_id as "cause_id: EventId", undoes_id as "undoes_id: EventId",
               source as "source: Source", token_id as "token_id: TokenId",
               address_id as "address_id: AddressId", created_at
           from activities
           where account_id = $1 and sequence < $2 and sequence > $3
             and ($4::text[] is null or subject_type = any($4))
             and ($5::uuid is null or creator_id = $5)
             and (board_id is null or board_id <> all($6))
             and ($7::timestamptz is null or created_at >= $7)
             and ($8::timestamptz is null or created_at < $8)
             and ($9::uuid is null or board_id = $9)
             and ($10::uuid is null or card_id = $10)
             and ($11::text is null or address_id in (
                 select a.id from addresses a
                 where a.account_id = $1 and a.address::inet <<= $11::text::inet))
           order by sequence desc limit $12"#,
        account as _,
        span.before,
        span.after,
        kinds.as_deref() as _,
        narrowing.creator as _,
        &narrowing.without as _,
        since,
        until,
        narrowing.board as _,
        narrowing.card as _,
        narrowing.network.map(|network| network.to_string()),
        limit,
    )
    .fetch_all(connection)
    .await
}
