//! `cairn account`: founds accounts.

use super::link::link;
use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::accounts::{self, NewAccount};
use crate::domain::password_links;
use crate::values::{Email, Name, Slug};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Found an account; prints a one-time link, good for a day, with which its owner sets a password.
    Create {
        /// The account’s name in addresses: 2 to 40 small letters, digits and hyphens.
        #[arg(long, value_parser = Slug::parse)]
        slug: Slug,
        /// What the account is called.
        #[arg(long, value_parser = Name::parse)]
        name: Name,
        /// The owner’s e-mail address.
        #[arg(long, value_parser = Email::parse)]
        owner_email: Email,
        /// The owner’s name.
        #[arg(long, value_parser = Name::parse)]
        owner_name: Name,
    },
}

impl Command {
    pub(super) async fn execute(self, config: &Config) -> Result<(), Failure> {
        let Self::Create { slug, name, owner_email, owner_name } = self;
        let new = NewAccount { slug, name, owner_email, owner_name };
        app::with_database(config, async |log| {
            let founded = accounts::create(log, new).await?;
            let token = password_links::create(log.pool(), founded.identity_id).await?;
            println!("{}", link(config, &format!("/password_links/{}", token.reveal())));
            Ok(())
        })
        .await
    }
}
