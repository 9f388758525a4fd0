//! Recording: typed rows first, then what follows is prepared, then one statement takes the head.
//!
//! The head is the hottest row of an account, so as little as possible happens while it is
//! locked: what is owed in one statement, and the commit.

use std::sync::Arc;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{AccountRef, Consequence, Creator, Entry, Event, Header, Owed, Pending};
use crate::values::clock;
use crate::values::id::{AddressId, EventId};

/// The most events of one transaction; bulk work takes blocks, so that others get their turn.
const MOST_EVENTS: usize = 500;

/// Gives each event its header. The first one is the cause of the others, and what undoes something.
pub(super) fn pending(
    creator: &Creator,
    address_id: Option<AddressId>,
    undoes_id: Option<EventId>,
    events: Vec<Arc<dyn Event>>,
) -> sqlx::Result<Vec<Pending>> {
    if events.is_empty() || events.len() > MOST_EVENTS {
        return Err(sqlx::Error::Protocol(format!("a change of {} events", events.len())));
    }
    let created_at = clock::now();
    let ids: Vec<EventId> = events.iter().map(|_| EventId::new()).collect();
    let pending = events.into_iter().enumerate().map(|(index, event)| {
        let place = event.place();
        let header = Header {
            account_id: creator.account.id,
            id: ids[index],
            creator_id: creator.user_id,
            board_id: place.board,
            card_id: place.card.map(|(id, _)| id),
            cause_id: (index > 0).then(|| ids[0]),
            undoes_id: undoes_id.filter(|_| index == 0),
            source: creator.source,
            token_id: creator.token_id,
            address_id,
            created_at,
        };
        Pending { header, event }
    });
    Ok(pending.collect())
}

/// Writes the events and what follows from them; the next round trip should be the commit.
pub(super) async fn write(
    connection: &mut PgConnection,
    account: &AccountRef,
    consequences: &[Arc<dyn Consequence>],
    pending: &[Pending],
) -> sqlx::Result<Vec<Entry>> {
    for Pending { header, event } in pending {
        event.insert(connection, header).await?;
    }
    let mut owed: Vec<Box<dyn Owed>> = Vec::new();
    for consequence in consequences {
        owed.extend(consequence.prepare(connection, account, pending).await?);
    }
    let entries = append(connection, account, pending).await?;
    for owed in owed {
        owed.owe(connection, &entries).await?;
    }
    Ok(entries)
}

/// Takes the head and appends the activities, in one statement.
async fn append(
    connection: &mut PgConnection,
    account: &AccountRef,
    pending: &[Pending],
) -> sqlx::Result<Vec<Entry>> {
    let headers = || pending.iter().map(|pending| &pending.header);
    let column = |value: fn(&Header) -> Option<Uuid>| headers().map(value).collect::<Vec<_>>();
    let common = &pending[0].header;
    let kinds: Vec<&str> = pending.iter().map(|pending| pending.event.kind().name).collect();
    let ids: Vec<EventId> = headers().map(|header| header.id).collect();
    let head = sqlx::query_scalar!(
        r#"with head as (
               update account_heads set sequence = sequence + cardinality($2::uuid[])
               where account_id = $1
               returning sequence - cardinality($2::uuid[]) as before, sequence
           ), appended as (
               insert into activities (account_id, sequence, id, subject_type, creator_id, board_id,
                   card_id, cause_id, source, token_id, address_id, created_at, undoes_id)
               select $1, head.before + event.place, event.id, event.kind, $7, event.board_id,
                   event.card_id, event.cause_id, $8, $9, $10, $11,
                   case when event.place = 1 then $12::uuid end
               from head, unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[])
                   with ordinality as event (id, kind, board_id, card_id, cause_id, place)
           )
           select sequence from head"#,
        account.id as _,
        &ids as _,
        &kinds as _,
        column(|header| header.board_id.map(|id| id.uuid())) as _,
        column(|header| header.card_id.map(|id| id.uuid())) as _,
        column(|header| header.cause_id.map(|id| id.uuid())) as _,
        common.creator_id as _,
        common.source as _,
        common.token_id as _,
        common.address_id as _,
        common.created_at,
        common.undoes_id as _,
    )
    .fetch_one(connection)
    .await?;
    let numbered = (1..).map(|place: i64| head - pending.len() as i64 + place);
    Ok(ids.into_iter().zip(numbered).map(|(id, sequence)| Entry { id, sequence }).collect())
}
