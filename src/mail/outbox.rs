//! The outbox: the letters there were, what became of them, and to whom they may be shown.

use sqlx::{PgPool, postgres::PgQueryResult};
use time::{Duration, OffsetDateTime};

use super::letter::Attachment;
use super::outgoing::Outgoing;
use super::words::Words;
use crate::domain::{Actor, Result};
use crate::values::Role;
use crate::values::clock;
use crate::values::id::{LetterId, UserId};

/// How many letters are shown.
const SHOWN: i64 = 100;

/// How long letters are kept, in whatever state.
const KEPT: Duration = Duration::days(30);

/// A letter in the outbox.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its id.
    pub id: LetterId,
    /// Where it goes.
    pub email: String,
    /// Its subject.
    pub subject: String,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// What became of it.
    pub state: State,
    /// What it says, for those who may read it.
    pub text: Option<String>,
    /// The file that goes with it, for the same.
    pub attachment: Option<Attachment>,
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It has not been tried.
    Waiting,
    /// It was tried, and is tried again.
    Retrying {
        /// When.
        at: OffsetDateTime,
        /// What was in the way.
        why: String,
    },
    /// The server took it.
    Sent(OffsetDateTime),
    /// It is tried no more.
    GivenUp {
        /// Since when.
        at: OffsetDateTime,
        /// Why.
        why: String,
    },
}

struct Row {
    id: LetterId,
    recipient_id: Option<UserId>,
    reader_role: Option<Role>,
    email: String,
    subject: String,
    sealed_words: Option<Vec<u8>>,
    created_at: OffsetDateTime,
    due_at: Option<OffsetDateTime>,
    error_message: Option<String>,
    sent_at: Option<OffsetDateTime>,
    given_up_at: Option<OffsetDateTime>,
}

/// The letters of an account, the newest first. What they say is shown if `opened`, and only what
/// this reader may know: invitations to roles that they may give, and letters to themselves.
///
/// # Errors
/// [`crate::domain::Error::Forbidden`] for those who do not administer.
pub async fn of_account(
    pool: &PgPool,
    actor: &Actor,
    opened: Option<&Outgoing>,
) -> Result<Vec<Entry>> {
    actor.may_administer()?;
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: LetterId", recipient_id as "recipient_id: UserId",
               reader_role as "reader_role: Role", email, subject, sealed_words, created_at, due_at,
               error_message, sent_at, given_up_at
           from letters where account_id = $1 order by id desc limit $2"#,
        actor.account.id as _,
        SHOWN,
    );
    let rows = rows.fetch_all(pool).await?;
    let entries = rows.into_iter().map(|row| {
        let reads = row.is_for(actor);
        row.entry(opened.filter(|_| reads))
    });
    Ok(entries.collect())
}

/// The letters that let somebody sign in, the newest first, for whoever sits at the machine.
///
/// # Errors
/// A database that fails.
pub async fn of_machine(pool: &PgPool, outgoing: &Outgoing) -> Result<Vec<Entry>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select id as "id: LetterId", recipient_id as "recipient_id: UserId",
               reader_role as "reader_role: Role", email, subject, sealed_words, created_at, due_at,
               error_message, sent_at, given_up_at
           from letters where account_id is null order by id desc limit $1"#,
        SHOWN,
    );
    let rows = rows.fetch_all(pool).await?;
    Ok(rows.into_iter().map(|row| row.entry(Some(outgoing))).collect())
}

/// Deletes the letters of long ago.
///
/// # Errors
/// A database that fails.
pub async fn sweep(pool: &PgPool) -> sqlx::Result<PgQueryResult> {
    let before = clock::now() - KEPT;
    sqlx::query!("delete from letters where created_at < $1", before).execute(pool).await
}

impl Row {
    fn is_for(&self, actor: &Actor) -> bool {
        self.recipient_id == Some(actor.user_id)
            || self.reader_role.is_some_and(|role| actor.may_appoint(role).is_ok())
    }

    fn entry(self, opened: Option<&Outgoing>) -> Entry {
        let why = self.error_message.unwrap_or_default();
        let state = match (self.sent_at, self.given_up_at, self.due_at) {
            (Some(at), ..) => State::Sent(at),
            (None, Some(at), _) => State::GivenUp { at, why },
            (None, None, Some(at)) if !why.is_empty() => State::Retrying { at, why },
            _ => State::Waiting,
        };
        let sealed = self.sealed_words.unwrap_or_default();
        let words = opened.and_then(|outgoing| Words::open(&outgoing.keys, &sealed));
        let (text, attachment) = words.map(|words| (words.text, words.attachment)).unzip();
        Entry {
            id: self.id,
            email: self.email,
            subject: self.subject,
            created_at: self.created_at,
            state,
            text,
            attachment: attachment.flatten(),
        }
    }
}
