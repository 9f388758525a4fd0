//! `cairn head`: the head of an account’s log, to be kept elsewhere.

use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::{Error, accounts};
use crate::events::chain::Head;
use crate::values::Slug;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The account’s name in addresses.
    #[arg(long, value_parser = Slug::parse)]
    account: Slug,
}

pub(super) async fn execute(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let slug = &arguments.account;
    app::with_database(config, async |log| {
        let account = accounts::id(log.pool(), slug).await.map_err(|error| match error {
            Error::NotFound => Failure::wrong(format!("there is no account {slug}")),
            error => error.into(),
        })?;
        let head = Head::newest(log.pool(), account).await?;
        let head = head.ok_or_else(|| {
            Failure::new("nothing of it is sealed yet; a server that runs does so within seconds")
        })?;
        print!("{head}");
        Ok(())
    })
    .await
}
