//! The letters that bring the head of an account’s log to its owners, to be kept outside of the server.

use sqlx::{Connection as _, PgConnection, PgPool};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::off::{self, About};
use crate::domain::Result;
use crate::events::chain::Head;
use crate::mail::{Attachment, Block, Body, Letter, Outgoing, Readers};
use crate::values::id::{AccountId, UserId};
use crate::values::secret::KeyRing;
use crate::values::{Email, Every, Slug};

/// How many accounts are looked at in one round; the others follow in the next one.
const ACCOUNTS_AT_ONCE: i64 = 500;

/// An account in which heads are due.
struct Due {
    id: AccountId,
    slug: Slug,
    name: String,
}

/// Somebody to whom a head is due.
struct Row {
    user_id: UserId,
    every: Every,
    chosen_at: OffsetDateTime,
    sequence: Option<i64>,
    email: Email,
    is_owner: bool,
}

/// Owes the newest head of their account’s log to each owner who wants it now, unless they were
/// sent that one already; how many letters that were.
///
/// # Errors
/// A database that fails; those accounts that were not reached come the next time.
pub async fn owe_heads(
    pool: &PgPool,
    outgoing: &Outgoing,
    keys: &KeyRing,
    now: OffsetDateTime,
) -> Result<usize> {
    let due = sqlx::query_as!(
        Due,
        r#"select id as "id: AccountId", slug as "slug: Slug", name from accounts
           where id in (select account_id from head_letters
                        where due_at <= $1 order by due_at limit $2)"#,
        now,
        ACCOUNTS_AT_ONCE,
    );
    let mut owed = 0;
    for account in due.fetch_all(pool).await? {
        owed += Told { account: &account, outgoing, keys }.owe(pool, now).await?;
    }
    Ok(owed)
}

/// What the letters of an account are made from.
struct Told<'a> {
    account: &'a Due,
    outgoing: &'a Outgoing,
    keys: &'a KeyRing,
}

impl Told<'_> {
    /// Owes the letters of the account, and says when the next ones are due, in one transaction: a
    /// crash loses none of them and writes none twice.
    async fn owe(&self, pool: &PgPool, now: OffsetDateTime) -> Result<usize> {
        let mut connection = pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let rows = take(&mut transaction, self.account.id, now).await?;
        let (owners, others): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.is_owner);
        forget(&mut transaction, self.account.id, &others).await?;
        let head = Head::newest(&mut *transaction, self.account.id).await?;
        put_off(&mut transaction, self.account.id, &owners, head.as_ref(), now).await?;
        let letters: Vec<Letter> = match &head {
            Some(head) => {
                let new = owners.iter().filter(|row| row.sequence != Some(head.sequence));
                new.map(|row| self.letter(row, head)).collect()
            }
            None => Vec::new(),
        };
        self.outgoing.owe(&mut transaction, &letters).await?;
        transaction.commit().await?;
        Ok(letters.len())
    }

    fn letter(&self, row: &Row, head: &Head) -> Letter {
        let Due { id, slug, name } = self.account;
        let token = off::token(self.keys, About::Heads, *id, row.user_id);
        let off = self.outgoing.link(&format!("/{slug}/unsubscriptions/{token}"));
        let audit = self.outgoing.link(&format!("/{slug}/audit"));
        let file = head.file_name(slug);
        let body = Body::default()
            .paragraph(format!(
                "This is how far the log of {name} went, and the hash over all of it. Keep the \
                 file that comes with this letter where whoever runs the server cannot reach it: \
                 it tells nothing of what happened, and with it anybody can find out whether the \
                 log was changed behind it, made anew or cut short."
            ))
            .with(Block::Section {
                title: format!("The log of {name}"),
                url: audit.clone(),
                lines: vec![
                    format!("Up to number {}", head.sequence),
                    format!("SHA-256 {}", head.hash),
                    format!("Taken on {}", in_words(head.taken_at)),
                ],
            })
            .paragraph(format!("Check it with: cairn verify --head {file}"))
            .button("How that is verified", &self.outgoing.link("/docs/audit"))
            .small(format!(
                "You get such a letter every {} when something has happened, since you chose so. \
                 The audit page changes that: {audit}#head_letters",
                row.every.as_str(),
            ))
            .small(format!("Or turn them off without signing in: {off}"));
        Letter {
            readers: Readers::Recipient(*id, row.user_id),
            email: row.email.clone(),
            subject: format!("The head of the log of {name} at {}", head.sequence),
            body,
            unsubscribe: Some(off),
            attachment: Some(Attachment { name: file, json: head.to_string() }),
        }
    }
}

/// Takes those of an account who are due. What another process is taking is passed over.
async fn take(
    connection: &mut PgConnection,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select h.user_id as "user_id: UserId", h.every as "every: Every", h.chosen_at, h.sequence,
               i.email as "email: Email",
               (u.role = 'owner' and u.removed_at is null) as "is_owner!"
           from head_letters h
           join users u on u.account_id = $1 and u.id = h.user_id
           join identities i on i.id = u.identity_id
           where h.account_id = $1 and h.due_at <= $2
           order by h.user_id
           for update of h skip locked"#,
        account as _,
        now,
    );
    Ok(rows.fetch_all(connection).await?)
}

/// Whoever is no owner any more gets no heads, not even when they become one again.
async fn forget(connection: &mut PgConnection, account: AccountId, rows: &[Row]) -> Result<()> {
    let people: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
    sqlx::query!(
        "delete from head_letters where account_id = $1 and user_id = any($2)",
        account as _,
        &people as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The next ones are due at their next time after now, whatever was sent.
async fn put_off(
    connection: &mut PgConnection,
    account: AccountId,
    rows: &[Row],
    head: Option<&Head>,
    now: OffsetDateTime,
) -> Result<()> {
    let people: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
    let due: Vec<OffsetDateTime> =
        rows.iter().map(|row| row.every.next(row.chosen_at, now)).collect();
    sqlx::query!(
        "update head_letters h set due_at = n.due_at, sequence = coalesce($4, h.sequence)
         from unnest($2::uuid[], $3::timestamptz[]) as n (user_id, due_at)
         where h.account_id = $1 and h.user_id = n.user_id",
        account as _,
        &people as _,
        &due,
        head.map(|head| head.sequence),
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn in_words(at: OffsetDateTime) -> String {
    let words = format_description!(
        "[day padding:none] [month repr:long] [year] at [hour]:[minute]:[second] UTC"
    );
    at.to_offset(UtcOffset::UTC).format(words).unwrap_or_default()
}
