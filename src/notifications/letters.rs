//! One letter about everything that somebody has not read for a while.

use std::collections::HashMap;

use sqlx::{Connection as _, PgConnection};
use time::{Duration, OffsetDateTime};

use super::off::{self, About};
use crate::domain::{Result, feed};
use crate::events::sentence::People;
use crate::events::{Activity, Log, history};
use crate::mail::{Block, Body, Letter, Outgoing, Readers};
use crate::values::id::{AccountId, EndpointId, EventId, UserId};
use crate::values::secret::KeyRing;
use crate::values::{Email, Slug};

/// How long something stands unread before a letter tells of it.
pub(super) const UNREAD_FOR: Duration = Duration::minutes(15);

/// How many people of an account are written to at once; the others follow in the next round.
const PEOPLE_AT_ONCE: i64 = 100;

/// A notice that stands in a letter.
struct Row {
    user_id: UserId,
    event_id: EventId,
    unread: i64,
    number: Option<i64>,
    title: Option<String>,
    endpoint_id: Option<EndpointId>,
    email: Email,
    is_wanted: bool,
}

/// An account in which letters are due.
struct Due {
    id: AccountId,
    slug: Slug,
    name: String,
}

/// Owes a letter to everybody who has had something unread for a while, about all that they have
/// not read nor been written about; how many letters that were. As many statements for an account,
/// however many people it has.
///
/// # Errors
/// A database that fails; those accounts that were not reached come the next time.
pub async fn owe_letters(
    log: &Log,
    outgoing: &Outgoing,
    keys: &KeyRing,
    now: OffsetDateTime,
) -> Result<usize> {
    let due = sqlx::query_as!(
        Due,
        r#"select a.id as "id: AccountId", a.slug as "slug: Slug", a.name from accounts a
           where exists (select from notifications n
                         where n.account_id = a.id and n.letter_due_at <= $1)"#,
        now,
    );
    let mut owed = 0;
    for account in due.fetch_all(log.pool()).await? {
        owed += owe_in(log, outgoing, keys, &account, now).await?;
    }
    Ok(owed)
}

/// Owes the letters of one account. Whoever comes second finds it taken, and leaves it.
async fn owe_in(
    log: &Log,
    outgoing: &Outgoing,
    keys: &KeyRing,
    account: &Due,
    now: OffsetDateTime,
) -> Result<usize> {
    let mut connection = log.pool().acquire().await?;
    let mut transaction = connection.begin().await?;
    if !take_turn(&mut transaction, account.id).await? {
        return Ok(0);
    }
    let rows = take(&mut transaction, account.id, now).await?;
    let wanted: Vec<Row> = rows.into_iter().filter(|row| row.is_wanted).collect();
    let ids: Vec<EventId> = wanted.iter().map(|row| row.event_id).collect();
    let activities = history::find(log, account.id, &ids).await?;
    let people = feed::people(log.pool(), account.id, &activities).await?;
    let told = Told { account, outgoing, keys, activities: by_id(activities), people };
    let letters: Vec<Letter> = wanted
        .chunk_by(|one, next| one.user_id == next.user_id)
        .map(|rows| told.letter(rows))
        .collect();
    outgoing.owe(&mut transaction, &letters).await?;
    transaction.commit().await?;
    Ok(letters.len())
}

/// One process at a time writes an account's letters, so that nobody gets two halves of one.
async fn take_turn(connection: &mut PgConnection, account: AccountId) -> Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"select pg_try_advisory_xact_lock(hashtextextended('letters/' || $1::uuid, 0)) as "taken!""#,
        account as _,
    );
    Ok(taken.fetch_one(connection).await?)
}

/// Takes the notices of those who are due, person by person: none of them is due any more. What
/// an event is writing to at this moment is left for the next round, so that no event waits for
/// us; boards that they no longer see, and people who want no letters, are told of nothing.
async fn take(
    connection: &mut PgConnection,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"with people as (
               select user_id from notifications where account_id = $1 and letter_due_at <= $2
               group by user_id order by min(letter_due_at) limit $3
           ), free as (
               select user_id, subject_id from notifications
               where account_id = $1 and letter_due_at is not null
                 and user_id in (select user_id from people)
               for update skip locked
           ), taken as (
               update notifications n set letter_due_at = null from free
               where n.account_id = $1 and n.user_id = free.user_id
                 and n.subject_id = free.subject_id
               returning n.user_id, n.subject_id, n.event_id, n.unread, n.updated_at
           )
           select t.user_id as "user_id!: UserId", t.event_id as "event_id!: EventId",
               t.unread as "unread!", c.number as "number?", c.title as "title?",
               e.id as "endpoint_id?: EndpointId", i.email as "email: Email",
               (exists (select from notices s where s.account_id = $1
                        and s.user_id = t.user_id and s.subject_id = t.subject_id)
                and not exists (select from letter_refusals r where r.account_id = $1
                                and r.user_id = t.user_id)) as "is_wanted!"
           from taken t
           left join cards c on c.account_id = $1 and c.id = t.subject_id
           left join webhook_endpoints e on e.account_id = $1 and e.id = t.subject_id
           join users u on u.account_id = $1 and u.id = t.user_id and u.removed_at is null
           join identities i on i.id = u.identity_id
           where c.id is not null or e.id is not null
           order by t.user_id, t.updated_at desc"#,
        account as _,
        now,
        PEOPLE_AT_ONCE,
    );
    Ok(rows.fetch_all(connection).await?)
}

fn by_id(activities: Vec<Activity>) -> HashMap<EventId, Activity> {
    activities.into_iter().map(|activity| (activity.header.id, activity)).collect()
}

/// What the letters of an account are made from.
struct Told<'a> {
    account: &'a Due,
    outgoing: &'a Outgoing,
    keys: &'a KeyRing,
    activities: HashMap<EventId, Activity>,
    people: People,
}

impl Told<'_> {
    /// The letter to one person, what changed last first.
    fn letter(&self, rows: &[Row]) -> Letter {
        let (account, slug, user) = (self.account.id, &self.account.slug, rows[0].user_id);
        let profile = self.outgoing.link(&format!("/{slug}/profile#letters"));
        let endpoints = rows.iter().filter(|row| row.endpoint_id.is_some()).count();
        let opening = format!("This is new in {} and concerns you:", self.account.name);
        let body = rows
            .iter()
            .fold(Body::default().paragraph(opening), |body, row| body.with(self.section(row)));
        let token = off::token(self.keys, About::Notices, account, user);
        let off = self.outgoing.link(&format!("/{slug}/unsubscriptions/{token}"));
        Letter {
            readers: Readers::Recipient(account, user),
            email: rows[0].email.clone(),
            subject: subject(rows.len() - endpoints, endpoints, &self.account.name),
            body: body
                .button("All notices", &self.outgoing.link(&format!("/{slug}/notifications")))
                .small(format!(
                    "You get such a letter when something has been unread for a quarter of an \
                     hour. Your profile turns them off: {profile}"
                ))
                .small(format!("Or without signing in: {off}")),
            unsubscribe: Some(off),
            attachment: None,
        }
    }

    fn section(&self, row: &Row) -> Block {
        let sentence = self
            .activities
            .get(&row.event_id)
            .map(|activity| activity.sentence.plain_text(activity.header.creator_id, &self.people));
        let (title, path) = match (row.number, &row.title, row.endpoint_id) {
            (Some(number), Some(title), _) => {
                (format!("{number} {title}"), format!("cards/{number}"))
            }
            (_, _, Some(endpoint)) => {
                ("A webhook endpoint".to_owned(), format!("webhooks/{endpoint}"))
            }
            _ => ("Something that is gone".to_owned(), "notifications".to_owned()),
        };
        Block::Section {
            title,
            url: self.outgoing.link(&format!("/{}/{path}", self.account.slug)),
            lines: sentence.into_iter().chain(earlier(row.unread - 1)).collect(),
        }
    }
}

/// Names no card: an admin who looks at the outbox may not see its board.
fn subject(cards: usize, endpoints: usize, account: &str) -> String {
    match (cards, endpoints) {
        (1, 0) => format!("News on a card in {account}"),
        (cards, 0) => format!("News on {cards} cards in {account}"),
        (0, 1) => format!("Trouble with a webhook endpoint of {account}"),
        (0, endpoints) => format!("Trouble with {endpoints} webhook endpoints of {account}"),
        (_, _) => format!("News on cards, and trouble with webhooks, in {account}"),
    }
}

fn earlier(count: i64) -> Option<String> {
    match count {
        ..=0 => None,
        1 => Some("and one thing before that".to_owned()),
        count => Some(format!("and {count} things before that")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_not_many() {
        assert_eq!(subject(1, 0, "Northwind"), "News on a card in Northwind");
        assert_eq!(subject(3, 0, "Northwind"), "News on 3 cards in Northwind");
        assert_eq!(subject(0, 1, "Northwind"), "Trouble with a webhook endpoint of Northwind");
        assert_eq!(earlier(0), None);
        assert_eq!(earlier(1).as_deref(), Some("and one thing before that"));
        assert_eq!(earlier(7).as_deref(), Some("and 7 things before that"));
    }
}
