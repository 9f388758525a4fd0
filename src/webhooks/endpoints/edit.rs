//! Editing an endpoint: where it is called, what it hears of, and how.

use sqlx::PgConnection;
use url::Url;

use super::headers::{Headers, Wanted};
use super::{
    Actor, BOTH_WAYS_HOURS, Endpoint, Error, Guard, KEY_SEALED_FOR, Result, Scheme, boards, events,
    find, pace,
};
use crate::events::kinds::webhook_endpoint_changed::{Changes, WebhookEndpointChanged};
use crate::events::{EndpointSnapshot, Log};
use crate::values::clock;
use crate::values::id::{AccountId, BoardId, EndpointId};
use crate::values::secret::KeyRing;
use crate::webhooks::format::Format;
use crate::webhooks::keys::SigningKey;

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
    /// How `webhook-signature` is made from now on; for a day it is made the way before that too.
    pub signature: Option<String>,
    /// The headers of its own from now on; a name without a value keeps the value it has.
    pub headers: Option<Wanted>,
    /// How many calls a second it takes at most from now on; none: any number.
    pub rate_limit: Option<Option<i64>>,
}

/// What of an endpoint can be edited.
struct Settings {
    url: String,
    format: Format,
    events: Vec<String>,
    board_ids: Vec<BoardId>,
    signature: Scheme,
    has_key: bool,
    sealed_headers: Option<Vec<u8>>,
    header_names: Vec<String>,
    rate_limit: Option<i32>,
}

/// Edits an endpoint. What is owed to it already goes to its new address. An edit that changes
/// nothing is not recorded.
///
/// # Errors
/// [`Error::NotFound`] when there is none such; [`Error::Invalid`] names the field, as when one is
/// added; [`Error::Forbidden`] for those who are no admins.
pub async fn edit(
    log: &Log,
    keys: &KeyRing,
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
    let signature = edit.signature.as_deref().map(str::parse).transpose();
    let signature = signature.map_err(Error::in_field("signature"))?;
    let rate_limit = edit.rate_limit.map(|limit| limit.map(pace::parse).transpose()).transpose();
    let rate_limit = rate_limit.map_err(Error::in_field("rate_limit"))?;
    let mut change = log.change(&actor.creator()).await?;
    let before = lock(&mut change, actor.account.id, id).await?.ok_or(Error::NotFound)?;
    let (header_names, sealed_headers) = headers(keys, &before, edit.headers.as_ref())?;
    let after = Settings {
        url: url.map_or_else(|| before.url.clone(), Url::into),
        format: edit.format.unwrap_or(before.format),
        events: names.unwrap_or_else(|| before.events.clone()),
        board_ids: match &edit.board_ids {
            Some(wanted) => kept_to(&mut change, actor, &before.board_ids, wanted).await?,
            None => before.board_ids.clone(),
        },
        signature: signature.unwrap_or(before.signature),
        has_key: before.has_key,
        sealed_headers,
        header_names,
        rate_limit: rate_limit.unwrap_or(before.rate_limit),
    };
    let changes = changes(id, &before, &after);
    if changes.is_empty() {
        drop(change);
        return find(log.pool(), actor, id).await;
    }
    write(&mut change, actor.account.id, id, &after).await?;
    if before.signature != after.signature {
        switch(&mut change, keys, actor.account.id, id, &after).await?;
    }
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

/// The names of the headers that are wanted, and all of them sealed; as they are if none are
/// spoken of, or if what is wanted is what is there.
fn headers(
    keys: &KeyRing,
    before: &Settings,
    wanted: Option<&Wanted>,
) -> Result<(Vec<String>, Option<Vec<u8>>)> {
    let as_they_are = || (before.header_names.clone(), before.sealed_headers.clone());
    let Some(wanted) = wanted else { return Ok(as_they_are()) };
    // What no present key opens cannot be kept, but can be replaced.
    let present = Headers::open(keys, before.sealed_headers.as_deref()).unwrap_or_default();
    let headers = Headers::parse(wanted, &present).map_err(Error::in_field("headers"))?;
    if headers.equal(&present) && present.names() == before.header_names {
        return Ok(as_they_are());
    }
    Ok((headers.names(), headers.seal(keys)))
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
                   as "board_ids!: Vec<BoardId>",
               signature as "signature: Scheme", sealed_key is not null as "has_key!",
               sealed_headers, header_names, rate_limit
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
    if before.signature != after.signature {
        let name = |scheme: Scheme| scheme.name().to_owned();
        changes.insert("signature", (name(before.signature), name(after.signature)));
    }
    // Of headers the names alone are told.
    if before.sealed_headers != after.sealed_headers {
        changes.insert("headers", (before.header_names.join(", "), after.header_names.join(", ")));
    }
    if before.rate_limit != after.rate_limit {
        let number = |limit: Option<i32>| limit.map_or(String::new(), |limit| limit.to_string());
        changes.insert("rate_limit", (number(before.rate_limit), number(after.rate_limit)));
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
             update webhook_endpoints
             set url = $3, sealed_headers = $6, header_names = $7, rate_limit = $8, format = $9
             where account_id = $1 and id = $2
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
        settings.sealed_headers,
        &settings.header_names,
        settings.rate_limit,
        settings.format as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Makes the signature another way, and for a day the way before that too. An endpoint that has
/// no key gets one.
async fn switch(
    connection: &mut PgConnection,
    keys: &KeyRing,
    account: AccountId,
    id: EndpointId,
    settings: &Settings,
) -> Result<()> {
    let key = (!settings.has_key).then(SigningKey::new);
    sqlx::query!(
        "update webhook_endpoints
         set signature = $3, other_until = $4, sealed_key = coalesce($5, sealed_key),
             public_key = coalesce($6, public_key)
         where account_id = $1 and id = $2",
        account as _,
        id as _,
        settings.signature as _,
        clock::now() + time::Duration::hours(BOTH_WAYS_HOURS),
        key.as_ref().map(|key| keys.seal(KEY_SEALED_FOR, key.private().reveal().as_bytes())),
        key.as_ref().map(SigningKey::public),
    )
    .execute(connection)
    .await?;
    Ok(())
}
