//! Owing deliveries in the transaction of their event; whether they are held is decided at the
//! endpoint's turn.

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::format::{Format, Told};
use super::listener::{Listener, listeners};
use super::owe::{Again, Debt, Payload};
use crate::domain::users;
use crate::events::sentence::People;
use crate::events::{AccountRef, Consequence, Entry, Owed, Pending};
use crate::values::id::{AccountId, BoardId, UserId};

/// The consequence that owes each event to the endpoints that asked for it.
#[derive(Debug, Clone)]
pub struct Owing {
    /// Where Cairn is, for the links in messages.
    origin: String,
}

impl Owing {
    /// Owing by a server at this address.
    pub fn new(origin: impl Into<String>) -> Self {
        Self { origin: origin.into() }
    }
}

impl Consequence for Owing {
    fn prepare<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        account: &'a AccountRef,
        events: &'a [Pending],
    ) -> BoxFuture<'a, sqlx::Result<Option<Box<dyn Owed>>>> {
        Box::pin(async move {
            let boards: Vec<BoardId> =
                events.iter().filter_map(|pending| pending.header.board_id).collect();
            let listeners = listeners(connection, account.id, None, &boards).await?;
            let people = people(connection, account.id, events, &listeners).await?;
            let freeze = |pending: &Pending, format: Format| {
                let (header, event) = (&pending.header, pending.event.as_ref());
                format.body(&self.origin, &Told { account, header, event, people: &people })
            };
            let debt = debt(account.id, events, &listeners, freeze);
            Ok(debt.map(|owed| Box::new(owed) as Box<dyn Owed>))
        })
    }
}

/// What people are called whom a message names; an endpoint that is told ids needs no names.
async fn people(
    connection: &mut PgConnection,
    account: AccountId,
    events: &[Pending],
    listeners: &[Listener],
) -> sqlx::Result<People> {
    let mut told = listeners.iter().filter(|listener| listener.format != Format::Cairn);
    if !told.any(|listener| events.iter().any(|pending| hears(listener, pending))) {
        return Ok(People::new());
    }
    let named = events.iter().flat_map(|pending| {
        let sentence = pending.event.sentence();
        pending.header.creator_id.into_iter().chain(sentence.people()).collect::<Vec<_>>()
    });
    let ids: Vec<UserId> = named.collect();
    users::names(connection, account, &ids).await
}

/// What is owed of these events, each frozen once for each format that somebody who hears of it has.
fn debt(
    account: AccountId,
    events: &[Pending],
    listeners: &[Listener],
    freeze: impl Fn(&Pending, Format) -> Vec<u8>,
) -> Option<Debt> {
    let (mut payloads, mut deliveries) = (Vec::new(), Vec::new());
    for (place, pending) in events.iter().enumerate() {
        let hearing: Vec<&Listener> =
            listeners.iter().filter(|listener| hears(listener, pending)).collect();
        let wanted = |format: &Format| hearing.iter().any(|it| it.format == *format);
        payloads.extend(Format::ALL.into_iter().filter(wanted).map(|format| {
            let (name, body) = (pending.event.kind().wire_name(), freeze(pending, format));
            let (board, created_at) = (pending.header.board_id, pending.header.created_at);
            Payload { place, name, board, format, body, created_at }
        }));
        deliveries.extend(hearing.iter().map(|listener| (place, listener.id, listener.format)));
    }
    let (owed_at, again) = (events.first()?.header.created_at, Again::default());
    (!deliveries.is_empty()).then_some(Debt { account, owed_at, payloads, deliveries, again })
}

fn hears(listener: &Listener, pending: &Pending) -> bool {
    listener.hears(&pending.header, pending.event.as_ref())
}

impl Owed for Debt {
    fn owe<'a>(
        self: Box<Self>,
        connection: &'a mut PgConnection,
        entries: &'a [Entry],
    ) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async move { self.write(connection, entries).await })
    }
}
