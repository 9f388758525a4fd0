//! Who hears of an event: the endpoints of an account, as far as they decide what is owed to them.

use sqlx::PgConnection;
use uuid::Uuid;

use super::format::Format;
use crate::events::{Event, Header};
use crate::values::id::{AccountId, BoardId, EndpointId};

/// An endpoint as far as it decides what is owed to it.
pub(super) struct Listener {
    pub(super) id: EndpointId,
    pub(super) format: Format,
    events: Vec<String>,
    boards: Vec<Uuid>,
    /// Those boards of the events that are private.
    private: Vec<Uuid>,
}

/// The endpoints of an account that were not removed, or one of them; judged for events on these boards.
pub(super) async fn listeners(
    connection: &mut PgConnection,
    account: AccountId,
    one: Option<EndpointId>,
    boards: &[BoardId],
) -> sqlx::Result<Vec<Listener>> {
    sqlx::query_as!(
        Listener,
        r#"select id as "id: EndpointId", format as "format: Format",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = e.id) as "events!",
               array(select board_id from webhook_endpoint_boards b
                     where b.account_id = $1 and b.endpoint_id = e.id) as "boards!",
               array(select id from boards p where p.account_id = $1 and p.id = any($2)
                     and p.access = 'chosen') as "private!"
           from webhook_endpoints e
           where account_id = $1 and removed_at is null and ($3::uuid is null or id = $3)"#,
        account as _,
        boards as _,
        one as _,
    )
    .fetch_all(connection)
    .await
}

impl Listener {
    /// Whether it asked for an event; none hears of itself.
    pub(super) fn hears(&self, header: &Header, event: &dyn Event) -> bool {
        let kind = event.kind();
        kind.shows.webhooks
            && event.place().endpoint != Some(self.id)
            && self.events.iter().any(|name| kind.matches(name))
            && self.hears_of(header.board_id)
    }

    /// Whether it may know of what happened on a board: of a private one only if it names it.
    pub(super) fn may_know_of(&self, board: Option<BoardId>) -> bool {
        let board = board.map(BoardId::uuid);
        board.is_none_or(|id| !self.private.contains(&id) || self.boards.contains(&id))
    }

    /// One that named boards hears only of what happens on them, and only such a one hears of a
    /// private board.
    fn hears_of(&self, board: Option<BoardId>) -> bool {
        match board.map(BoardId::uuid) {
            Some(id) if self.boards.is_empty() => !self.private.contains(&id),
            Some(id) => self.boards.contains(&id),
            None => self.boards.is_empty(),
        }
    }
}
