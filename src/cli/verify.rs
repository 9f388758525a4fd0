//! `cairn verify`: says whether anything in the logs is not as it was recorded.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::PgPool;

use crate::app::{self, Failure};
use crate::config::Config;
use crate::domain::{accounts, replay};
use crate::events::chain::archive::{self, BadArchive, Span};
use crate::events::chain::{self, Hash, Head, Tables, Verified};
use crate::values::Slug;
use crate::values::id::AccountId;
use crate::webhooks::verify as webhooks;

/// How many things are named of an account; the first is what matters.
const SHOWN: usize = 100;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// One account by its name in addresses; without it all are verified.
    #[arg(long, value_parser = Slug::parse)]
    account: Option<Slug>,
    /// A head that was kept elsewhere: the log up to it must be the one that it was taken of. May be
    /// given several times.
    #[arg(long = "head", value_name = "FILE")]
    heads: Vec<PathBuf>,
    /// An archive: it must be whole, and a part of the log that it was taken of. May be given several
    /// times.
    #[arg(long = "archive", value_name = "FILE")]
    archives: Vec<PathBuf>,
}

/// What is verified, and against what.
struct Task {
    accounts: Vec<(AccountId, Slug)>,
    heads: Vec<Head>,
}

pub(super) async fn execute(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let heads: Vec<Head> =
        arguments.heads.iter().map(|path| read(path)).collect::<Result<_, Failure>>()?;
    app::with_database(config, async |log| {
        let task = Task::of(log.pool(), arguments, heads).await?;
        let tables = Arc::new(Tables::read(log.pool()).await?);
        let mut wrong = 0;
        for (account, slug) in &task.accounts {
            wrong += verify(log.pool(), &tables, *account, slug, &task.heads).await?;
        }
        for path in &arguments.archives {
            wrong += usize::from(!is_archive_whole(log.pool(), path, &task.accounts).await?);
        }
        match wrong {
            0 => Ok(()),
            1 => Err(Failure::new("one thing is not as it was recorded")),
            _ => Err(Failure::new(format!("{wrong} things are not as they were recorded"))),
        }
    })
    .await
}

fn read(path: &Path) -> Result<Head, Failure> {
    let of_file = |why: &dyn std::fmt::Display| {
        Failure::wrong(format!("the head {} can’t be used: {why}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| of_file(&error))?;
    Head::parse(&text).map_err(|error| of_file(&error))
}

impl Task {
    async fn of(pool: &PgPool, arguments: &Arguments, heads: Vec<Head>) -> Result<Self, Failure> {
        let mut accounts = accounts::all(pool).await?;
        if let Some(wanted) = &arguments.account {
            accounts.retain(|(_, slug)| slug == wanted);
            if accounts.is_empty() {
                return Err(Failure::wrong(format!("there is no account {wanted}")));
            }
        }
        for (head, path) in heads.iter().zip(&arguments.heads) {
            if !accounts.iter().any(|(id, _)| *id == head.account) {
                let path = path.display();
                return Err(Failure::wrong(format!("the head {path} is of another account")));
            }
        }
        Ok(Self { accounts, heads })
    }
}

/// Verifies one account, says what came of it, and gives how many things were wrong.
async fn verify(
    pool: &PgPool,
    tables: &Arc<Tables>,
    account: AccountId,
    slug: &Slug,
    heads: &[Head],
) -> Result<usize, Failure> {
    let heads: Vec<(i64, Hash)> = heads
        .iter()
        .filter(|head| head.account == account)
        .map(|head| (head.sequence, head.hash))
        .collect();
    let beginning = (0, Hash::beginning(account));
    let verified = chain::verify(pool, tables, account, beginning, &heads).await?;
    let mut findings: Vec<String> = verified.findings.iter().map(ToString::to_string).collect();
    findings.extend(webhooks::verify(pool, account).await?.iter().map(ToString::to_string));
    let replayed = replay::replay(pool, account).await?;
    findings.extend(replayed.differences.iter().map(ToString::to_string));
    for finding in findings.iter().take(SHOWN) {
        println!("{slug}: {finding}");
    }
    if findings.len() > SHOWN {
        println!("{slug}: and {} more", findings.len() - SHOWN);
    }
    let verdict = if findings.is_empty() { "as recorded" } else { "not as recorded" };
    println!("{slug}: {verdict}: {}", summary(&verified));
    Ok(findings.len())
}

/// Verifies an archive and says what came of it; whether all is well.
async fn is_archive_whole(
    pool: &PgPool,
    path: &Path,
    accounts: &[(AccountId, Slug)],
) -> Result<bool, Failure> {
    let file = path.display();
    let opened = File::open(path).map_err(BadArchive::from);
    let checked = match opened.and_then(|opened| archive::check(BufReader::new(opened))) {
        Ok(span) => span,
        Err(error) => {
            println!("{file}: {error}");
            return Ok(false);
        }
    };
    let Span { account, first, last, before, hash } = checked;
    let Some((_, slug)) = accounts.iter().find(|(id, _)| *id == account) else {
        return Err(Failure::wrong(format!("the archive {file} is of another account")));
    };
    let is_of_the_log = chain::hash_at(pool, account, first - 1).await? == Some(before)
        && chain::hash_at(pool, account, last).await? == Some(hash);
    println!(
        "{file}: {}: sequences {first} to {last} of {slug}",
        if is_of_the_log { "as recorded" } else { "whole, but of another log than this one" }
    );
    Ok(is_of_the_log)
}

fn summary(verified: &Verified) -> String {
    let Verified { events, sequence, hash, sealed, .. } = verified;
    let events = match events {
        0 => "no events".to_owned(),
        1 => "1 event".to_owned(),
        _ => format!("{events} events"),
    };
    let sealed = match sequence - sealed {
        0 => "all sealed".to_owned(),
        behind => format!("{behind} not sealed yet"),
    };
    let hash = hash.map(|hash| format!("; sequence {sequence} has the hash {hash}"));
    format!("{events}, {sealed}{}", hash.unwrap_or_default())
}
