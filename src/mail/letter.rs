//! A letter before it is owed: to whom, who else may read it, and what it says.

use super::body::Body;
use crate::domain::letters::Occasion;
use crate::values::id::{AccountId, UserId};
use crate::values::{Email, Role};

/// A letter to one person.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Who may read it in the outbox.
    pub readers: Readers,
    /// Where it goes.
    pub email: Email,
    /// Its subject, which names nothing that only some may know.
    pub subject: String,
    /// What it says.
    pub body: Body,
    /// The address at which its recipient takes themselves off the list, by one POST.
    pub unsubscribe: Option<String>,
    /// A file that goes with it.
    pub attachment: Option<Attachment>,
}

/// A file of JSON that goes with a letter, and arrives as it is, byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Attachment {
    /// What it is called, in ASCII.
    pub name: String,
    /// What is in it.
    pub json: String,
}

/// Who may read a letter in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever sits at the machine: it lets its reader sign in as somebody, in every account.
    Machine,
    /// Those in the account who may give this role: it lets its reader have it.
    Appointers(AccountId, Role),
    /// Nobody but the member whom it is for.
    Recipient(AccountId, UserId),
}

impl Letter {
    /// The letter for an occasion; `link` makes the whole address of a path.
    pub(super) fn on(occasion: Occasion<'_>, link: impl Fn(&str) -> String) -> Self {
        match occasion {
            Occasion::Invitation { inviter, email, role, token } => {
                let account = &inviter.account;
                let path = format!("/{}/invitations/{}", account.slug, token.reveal());
                Self {
                    readers: Readers::Appointers(account.id, role),
                    email: email.clone(),
                    subject: format!("{} invited you to {}", inviter.name, account.name),
                    body: invitation(&inviter.name, &account.name, &link(&path)),
                    unsubscribe: None,
                    attachment: None,
                }
            }
            Occasion::PasswordLink { email, token } => Self {
                readers: Readers::Machine,
                email: email.clone(),
                subject: "Choose a new password".to_owned(),
                body: password_link(&link(&format!("/password_links/{}", token.reveal()))),
                unsubscribe: None,
                attachment: None,
            },
        }
    }
}

fn invitation(inviter: &str, account: &str, url: &str) -> Body {
    Body::default()
        .paragraph(format!(
            "{inviter} invited you to {account}, a team board on Cairn: cards in columns, and \
             everything that happens to them remembered."
        ))
        .button(format!("Join {account}"), url)
        .small("The link works once and is good for fourteen days. If you don’t know what this is about, leave it: nothing happens.")
}

fn password_link(url: &str) -> Body {
    Body::default()
        .paragraph("Somebody, probably you, asked for a new password on Cairn.")
        .button("Choose a password", url)
        .small("The link works once and is good for a day. If it was not you, leave it: your password stays as it is.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::secret::Secret;

    #[test]
    fn a_password_link_is_for_no_admin_to_read() {
        let email = Email::parse("olive@example.com").expect("an address");
        let occasion = Occasion::PasswordLink { email: &email, token: &Secret::new("t0ken") };
        let letter = Letter::on(occasion, |path| format!("https://cairn.example{path}"));
        assert_eq!(letter.readers, Readers::Machine);
        assert!(letter.body.text().contains("https://cairn.example/password_links/t0ken"));
        assert!(!letter.subject.contains("t0ken"));
    }
}
