//! Owing letters, in the transaction of what they tell of.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;

use super::letter::{Letter, Readers};
use super::words::Words;
use crate::domain::Letters;
use crate::domain::letters::Occasion;
use crate::values::clock;
use crate::values::id::LetterId;
use crate::values::secret::KeyRing;

/// Where letters are put. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outgoing {
    pub(super) keys: KeyRing,
    site: Arc<str>,
}

impl Outgoing {
    /// Letters that lead to this site, such as `https://cairn.example`. It is the operator's word
    /// and never the host that a request names: whoever asks for somebody's password link could
    /// make it lead to themselves.
    pub fn new(keys: KeyRing, site: &str) -> Self {
        Self { keys, site: site.trim_end_matches('/').into() }
    }

    /// The whole address of a path of this site.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    /// Owes letters, in one statement.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn owe(&self, connection: &mut PgConnection, letters: &[Letter]) -> sqlx::Result<()> {
        let ids: Vec<LetterId> = letters.iter().map(|_| LetterId::new()).collect();
        let (accounts, recipients, roles): (Vec<_>, Vec<_>, Vec<_>) =
            letters.iter().map(|letter| letter.readers.columns()).collect();
        let emails: Vec<&str> = letters.iter().map(|letter| letter.email.as_str()).collect();
        let subjects: Vec<String> =
            letters.iter().map(|letter| one_line(&letter.subject)).collect();
        let sealed: Vec<Vec<u8>> =
            letters.iter().map(|letter| Words::of(letter).seal(&self.keys)).collect();
        sqlx::query!(
            "insert into letters (id, account_id, recipient_id, reader_role, email, subject,
                 sealed_words, created_at, due_at)
             select letter.*, $8, $8
             from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                 $7::bytea[]) as letter",
            &ids as _,
            accounts as _,
            recipients as _,
            roles as _,
            &emails as _,
            &subjects as _,
            &sealed as _,
            clock::now(),
        )
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl Letters for Outgoing {
    fn owe<'a>(
        &'a self,
        connection: &'a mut PgConnection,
        occasion: Occasion<'a>,
    ) -> BoxFuture<'a, sqlx::Result<()>> {
        Box::pin(async move {
            let letter = Letter::on(occasion, |path| self.link(path));
            self.owe(connection, &[letter]).await
        })
    }
}

/// A subject is one line, whatever the names in it are.
fn one_line(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Readers {
    /// The account, the recipient and the least role of the readers, as the table has them.
    fn columns(self) -> (Option<uuid::Uuid>, Option<uuid::Uuid>, Option<&'static str>) {
        use crate::values::Role::{Admin, Member, Owner};
        match self {
            Self::Machine => (None, None, None),
            Self::Appointers(account, Owner) => (Some(account.uuid()), None, Some(Owner.as_str())),
            Self::Appointers(account, Admin | Member) => {
                (Some(account.uuid()), None, Some(Admin.as_str()))
            }
            Self::Recipient(account, user) => (Some(account.uuid()), Some(user.uuid()), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_begin_a_header_of_its_own() {
        assert_eq!(one_line("Olive\r\nBcc: all@example.com"), "Olive  Bcc: all@example.com");
    }
}
