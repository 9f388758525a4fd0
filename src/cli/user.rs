//! `cairn user`: lets people in again.

use super::link::link;
use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::{identities, password_links};
use crate::values::Email;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print a one-time link, good for a day, with which somebody sets a new password.
    Link {
        /// Their e-mail address.
        #[arg(long, value_parser = Email::parse)]
        email: Email,
    },
}

impl Command {
    pub(super) async fn execute(self, config: &Config) -> Result<(), Failure> {
        let Self::Link { email } = self;
        app::with_database(config, async |log| {
            let identity = identities::by_email(log.pool(), &email).await?;
            let identity = identity
                .ok_or_else(|| Failure::new(format!("nobody here has the address {email}")))?;
            let token = password_links::create(log.pool(), identity).await?;
            println!("{}", link(config, &format!("/password_links/{}", token.reveal())));
            Ok(())
        })
        .await
    }
}
