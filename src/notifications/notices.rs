//! Somebody's notices, and how many they have not read.

use std::collections::HashMap;

use sqlx::PgExecutor;

use crate::domain::feed;
use crate::domain::{Actor, Result};
use crate::events::sentence::People;
use crate::events::{Activity, Log, history};
use crate::values::id::{AccountId, CardId, EndpointId, EventId, UserId};

/// How many notices are shown.
const SHOWN: i64 = 100;

/// What happened to something that concerns somebody.
#[derive(Debug, Clone)]
pub struct Notice {
    /// To what.
    pub subject: Subject,
    /// What happened last.
    pub activity: Activity,
    /// How much of it they have not read.
    pub unread: i64,
}

/// What a notice is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A card that they follow.
    Card {
        /// Its number.
        number: i64,
        /// Its title as it is now; none when it was deleted.
        title: Option<String>,
    },
    /// A webhook endpoint that they look after.
    Endpoint(EndpointId),
}

/// Somebody's notices, the newest first, with the names of the people in them.
///
/// # Errors
/// A database that fails.
pub async fn newest(log: &Log, actor: &Actor) -> Result<(Vec<Notice>, People)> {
    let account = actor.account.id;
    let rows = sqlx::query!(
        r#"select event_id as "event_id!: EventId", unread as "unread!", card_title as title
           from notices where account_id = $1 and user_id = $2
           order by updated_at desc limit $3"#,
        account as _,
        actor.user_id as _,
        SHOWN,
    )
    .fetch_all(log.pool())
    .await?;
    let ids: Vec<EventId> = rows.iter().map(|row| row.event_id).collect();
    let activities = history::find(log, account, &ids).await?;
    let people = feed::people(log.pool(), account, &activities).await?;
    let mut activities: HashMap<EventId, Activity> =
        activities.into_iter().map(|activity| (activity.header.id, activity)).collect();
    let notices = rows.into_iter().filter_map(|row| {
        let activity = activities.remove(&row.event_id)?;
        let place = activity.event.place();
        let subject = match (place.card, place.endpoint) {
            (Some((_, number)), _) => Subject::Card { number, title: row.title },
            (None, endpoint) => Subject::Endpoint(endpoint?),
        };
        Some(Notice { subject, activity, unread: row.unread })
    });
    Ok((notices.collect(), people))
}

/// To how many cards and endpoints something happened that somebody has not read.
///
/// # Errors
/// A database that fails.
pub async fn unread(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    user: UserId,
) -> Result<i64> {
    let unread = sqlx::query_scalar!(
        r#"select count(*) as "count!" from notices
           where account_id = $1 and user_id = $2 and read_at is null"#,
        account as _,
        user as _,
    );
    Ok(unread.fetch_one(executor).await?)
}

/// Who follows any of some cards.
///
/// # Errors
/// A database that fails.
pub async fn followers(
    executor: impl PgExecutor<'_>,
    account: AccountId,
    cards: &[CardId],
) -> Result<Vec<UserId>> {
    let followers = sqlx::query_scalar!(
        r#"select distinct user_id as "id: UserId" from watches
           where account_id = $1 and card_id = any($2)"#,
        account as _,
        cards as _,
    );
    Ok(followers.fetch_all(executor).await?)
}
