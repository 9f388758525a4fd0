//! `cairn token`: makes bearer tokens of the API.

use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::{Error, tokens};
use crate::values::{Email, Name, Scope, Slug};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make a token that acts in a member’s name; prints the token and nothing else.
    Create {
        /// The account’s name in addresses.
        #[arg(long, value_parser = Slug::parse)]
        account: Slug,
        /// The member’s e-mail address.
        #[arg(long, value_parser = Email::parse)]
        email: Email,
        /// How far it reaches: read, write or admin.
        #[arg(long, value_parser = Scope::parse)]
        scope: Scope,
        /// What it is for, as the list of tokens will say.
        #[arg(long, value_parser = Name::parse, default_value = "Command line")]
        name: Name,
    },
}

impl Command {
    pub(super) async fn execute(self, config: &Config) -> Result<(), Failure> {
        let Self::Create { account, email, scope, name } = self;
        app::with_database(config, async |log| {
            match tokens::issue(log, &account, &email, name, scope).await {
                Ok(token) => {
                    println!("{}", token.reveal());
                    Ok(())
                }
                Err(Error::NotFound) => {
                    Err(Failure::new(format!("{email} is not a member of an account {account}")))
                }
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}
