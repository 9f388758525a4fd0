//! Editing an endpoint: where it is called and what it hears of.

use sqlx::PgConnection;
use url::Url;

use super::{Actor, Endpoint, Error, Guard, Result, boards, events, find};
use crate::events::kinds::webhook_endpoint_changed::{Changes, WebhookEndpointChanged};
use crate::events::{EndpointSnapshot, Log};
use crate::values::id::{AccountId, BoardId, EndpointId};
use crate::webhooks::format::Format;

/// What is to be changed; none leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// The new address.
    pub url: Option<String>,
    /// In which form it is told of what happens from now on.
    pub format: Option<Format>,
    /// The new names of events.
    pub events: Option<Vec<String>>,
    /// The boards that it is kept to from now on; an empty list: all. Named boards that the actor
    /// does not see stay named.
    pub board_ids: Option<Vec<BoardId>>,
}

/// What of an endpoint can be edited.
struct Settings {
    url: String,
    format: Format,
    events: Vec<String>,
    board_ids: Vec<BoardId>,
}

/// Edits an endpoint. What is owed to it already goes to its new address. An edit that changes
/// nothing is not recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Invalid`] names the field, as when one is
/// added; [`Error::Forbidden`] for those who are no admins.
pub async fn edit(
    log: &Log,
    guard: &Guard,
    actor: &Actor,
    id: EndpointId,
    edit: Edit,
) -> Result<Endpoint> {
    actor.may_administer()?;
    let url = match &edit.url {
        Some(url) => Some(guard.vet(url).await.map_err(Error::in_field("url"))?),
        None => None,
    };
    let names = edit.events.as_deref().map(events::parse).transpose();
    let names = names.map_err(Error::in_field("events"))?;
    let mut change = log.change(&actor.creator()).await?;
    let before = lock(&mut change, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let after = Settings {
        url: url.map_or_else(|| before.url.clone(), Url::into),
        format: edit.format.unwrap_or(before.format),
        events: names.unwrap_or_else(|| before.events.clone()),
        board_ids: match &edit.board_ids {
            Some(wanted) => kept_to(&mut change, actor, &before.board_ids, wanted).await?,
            None => before.board_ids.clone(),
        },
    };
    let changes = changes(id, &before, &after);
    if changes.is_empty() {
        drop(change);
        return find(log.pool(), actor, id).await;
    }
    write(&mut change, actor.account.id, id, &after).await?;
    let endpoint = EndpointSnapshot::new(id, &after.url);
    change.record(WebhookEndpointChanged { endpoint, changes }).await?;
    find(log.pool(), actor, id).await
}

/// The boards that are wanted, and those that were named and that the actor does not see.
async fn kept_to(
    connection: &mut PgConnection,
    actor: &Actor,
    before: &[BoardId],
    wanted: &[BoardId],
) -> Result<Vec<BoardId>> {
    let wanted = boards::sorted(wanted);
    let added: Vec<BoardId> = wanted.iter().filter(|id| !before.contains(id)).copied().collect();
    boards::must_be_seen(connection, actor, &added).await?;
    let seen = boards::seen(connection, actor, before).await?;
    let unseen = before.iter().filter(|id| !seen.contains(id)).copied();
    Ok(boards::sorted(&wanted.into_iter().chain(unseen).collect::<Vec<_>>()))
}

async fn lock(
    connection: &mut PgConnection,
    account: AccountId,
    id: EndpointId,
) -> Result<Option<Settings>> {
    let settings = sqlx::query_as!(
        Settings,
        r#"select url, format as "format: Format",
               array(select name from webhook_endpoint_events n
                     where n.account_id = $1 and n.endpoint_id = $2 order by name) as "events!",
               array(select board_id from webhook_endpoint_boards b
                     where b.account_id = $1 and b.endpoint_id = $2 order by board_id)
                   as "board_ids!: Vec<BoardId>"
           from webhook_endpoints where account_id = $1 and id = $2 and removed_at is null
           for no key update"#,
        account as _,
        id as _,
    );
    Ok(settings.fetch_optional(connection).await?)
}

/// What differs. Of addresses only what may be told is compared for the log, so one that differs
/// in what may not reads as the same twice.
fn changes(id: EndpointId, before: &Settings, after: &Settings) -> Changes {
    let told = |url: &str| EndpointSnapshot::new(id, url).url;
    let ids = |boards: &[BoardId]| boards.iter().map(BoardId::to_string).collect::<Vec<_>>();
    let mut changes = Changes::new();
    if before.url != after.url {
        changes.insert("url", (told(&before.url), told(&after.url)));
    }
    if before.format != after.format {
        changes.insert("format", (before.format.to_string(), after.format.to_string()));
    }
    if before.events != after.events {
        changes.insert("events", (before.events.join(", "), after.events.join(", ")));
    }
    if before.board_ids != after.board_ids {
        let joined = |boards| ids(boards).join(", ");
        changes.insert("board_ids", (joined(&before.board_ids), joined(&after.board_ids)));
    }
    changes
}

async fn write(
    connection: &mut PgConnection,
    account: AccountId,
    id: EndpointId,
    settings: &Settings,
) -> Result<()> {
    sqlx::query!(
        "with address as (
             update webhook_endpoints set url = $3, format = $6 where account_id = $1 and id = $2
         ), fewer_events as (
             delete from webhook_endpoint_events
             where account_id = $1 and endpoint_id = $2 and name <> all($4::text[])
         ), more_events as (
             insert into webhook_endpoint_events (account_id, endpoint_id, name)
             select $1, $2, unnest($4::text[]) on conflict do nothing
         ), fewer_boards as (
             delete from webhook_endpoint_boards
             where account_id = $1 and endpoint_id = $2 and board_id <> all($5::uuid[])
         )
         insert into webhook_endpoint_boards (account_id, endpoint_id, board_id)
         select $1, $2, unnest($5::uuid[]) on conflict do nothing",
        account as _,
        id as _,
        settings.url,
        &settings.events,
        &settings.board_ids as _,
        settings.format as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}
