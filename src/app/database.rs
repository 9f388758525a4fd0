//! Which database: the operator's, or the private one of the data directory.

use std::future::pending;
use std::io;
use std::time::{Duration, Instant};

use sqlx::PgPool;
use sqlx::migrate::MigrateError;
use tokio::time::sleep;

use super::{Failure, failure};
use crate::config::Config;
use crate::db;
use crate::db::embedded::{Cluster, OLDEST, Settings};
use crate::db::lock::DataDirLock;
use crate::values::secret::Secret;

/// Connections of a process: with two cores, more would only queue in Postgres.
const CONNECTIONS: u32 = 16;

/// How long the processes of a Postgres that was killed may take to go.
const GOING: Duration = Duration::from_secs(30);

/// How often we try whether they have gone, or another command has done.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A database that can be connected to.
pub(super) enum Database {
    /// The operator's own.
    Given(Secret),
    /// The private cluster, which this process started or adopted, with the directory's lock.
    Private(Cluster, Settings, DataDirLock),
    /// The private cluster of a server that runs beside this process.
    Beside(Cluster),
}

impl Database {
    /// For a server: the directory's lock, which must be free; none when the operator gave a
    /// database.
    pub(super) fn reserve(config: &Config) -> Result<Option<DataDirLock>, Failure> {
        if config.database_url.is_some() {
            return Ok(None);
        }
        let taken = DataDirLock::take_to_serve(&config.data_dir);
        let lock = taken.map_err(unwritable(config))?.ok_or_else(|| {
            Failure::new(format!(
                "another Cairn is running on the data directory {}; stop it, or set \
                 CAIRN_DATA_DIR and CAIRN_BIND to run a second one",
                config.data_dir.display()
            ))
        })?;
        Ok(Some(lock))
    }

    /// For a server: what its reservation stands for.
    pub(super) async fn hold(config: &Config, lock: Option<DataDirLock>) -> Result<Self, Failure> {
        match (&config.database_url, lock) {
            (_, Some(lock)) => Self::start(config, lock).await,
            (Some(url), None) => Ok(Self::Given(url.clone())),
            (None, None) => Self::open(config).await,
        }
    }

    /// For a command: beside a server that runs, or without one. A server that is starting is
    /// waited for, and so is another command.
    pub(super) async fn open(config: &Config) -> Result<Self, Failure> {
        if let Some(url) = &config.database_url {
            return Ok(Self::Given(url.clone()));
        }
        let data_dir = &config.data_dir;
        loop {
            if let Some(lock) = DataDirLock::take(data_dir).map_err(unwritable(config))? {
                return Self::start(config, lock).await;
            }
            if DataDirLock::is_served(data_dir).map_err(unwritable(config))?
                && let Some(cluster) = Cluster::running(data_dir).await?
            {
                return Ok(Self::Beside(cluster));
            }
            sleep(LOOK_EVERY).await;
        }
    }

    async fn start(config: &Config, lock: DataDirLock) -> Result<Self, Failure> {
        let settings =
            Settings { data_dir: config.data_dir.clone(), durable: true, options: Vec::new() };
        Ok(Self::Private(Cluster::start(&settings).await?, settings, lock))
    }

    /// Whether it is the private one.
    pub(super) fn is_private(&self) -> bool {
        !matches!(self, Self::Given(_))
    }

    fn url(&self) -> Secret {
        match self {
            Self::Given(url) => url.clone(),
            Self::Private(cluster, ..) | Self::Beside(cluster) => Secret::new(cluster.url("cairn")),
        }
    }

    /// Waits until it is up, connects, and brings the schema up to date.
    pub(super) async fn prepare(&mut self) -> Result<PgPool, Failure> {
        if let Self::Private(cluster, ..) = self {
            cluster.ready().await?;
        }
        let pool = self.connect(CONNECTIONS).await?;
        refuse_old(&pool).await?;
        db::migrate(&pool).await.map_err(|error| not_migrated(&error))?;
        Ok(pool)
    }

    /// A pool of at most so many connections.
    pub(super) async fn connect(&self, connections: u32) -> Result<PgPool, Failure> {
        db::connect(self.url().reveal(), connections).await.map_err(|error| {
            Failure::new(format!("Postgres can’t be reached: {}", failure::reason(&error)))
        })
    }

    /// Starts the private cluster again whenever it ends without being asked to, until that fails.
    pub(super) async fn keep_up(&mut self) -> Failure {
        let Self::Private(cluster, settings, _) = self else { return pending().await };
        loop {
            cluster.ended().await;
            tracing::warn!("the private Postgres ended by itself; starting it again");
            if let Err(failure) = start_again(cluster, settings).await {
                return failure;
            }
        }
    }

    /// Stops what this process started.
    pub(super) async fn close(self) -> Result<(), Failure> {
        if let Self::Private(cluster, _, _lock) = self {
            cluster.stop().await?;
        }
        Ok(())
    }
}

/// While the last processes of the one that ended are going, Postgres refuses to start.
async fn start_again(cluster: &mut Cluster, settings: &Settings) -> Result<(), Failure> {
    let deadline = Instant::now() + GOING;
    loop {
        *cluster = Cluster::start(settings).await?;
        match cluster.ready().await {
            Err(_) if Instant::now() < deadline => sleep(LOOK_EVERY).await,
            outcome => return Ok(outcome?),
        }
    }
}

fn unwritable(config: &Config) -> impl Fn(io::Error) -> Failure {
    let data_dir = config.data_dir.display().to_string();
    move |error| Failure::new(format!("the data directory {data_dir} can’t be written: {error}"))
}

async fn refuse_old(pool: &PgPool) -> Result<(), Failure> {
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
        .fetch_one(pool)
        .await?;
    ensure_new_enough(&version)
}

/// What a server says its version is, such as `15.18 (Debian 15.18-0+deb12u1)`.
fn ensure_new_enough(version: &str) -> Result<(), Failure> {
    let major = version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    if major.parse().is_ok_and(|major: u32| major >= OLDEST) {
        return Ok(());
    }
    Err(Failure::new(format!("this Postgres is version {version}; Cairn needs {OLDEST} or newer")))
}

fn not_migrated(error: &MigrateError) -> Failure {
    match error {
        MigrateError::VersionMissing(version) => Failure::new(format!(
            "the database has migration {version}, which this Cairn does not know: it was used by a \
             newer one; run that version or a newer one"
        )),
        error => Failure::new(format!("the schema could not be brought up to date: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postgres_that_is_too_old_is_refused_by_its_version() {
        for version in ["15.18 (Debian 15.18-0+deb12u1)", "18.4", "19beta1"] {
            assert!(ensure_new_enough(version).is_ok(), "{version}");
        }
        for version in ["14.19", "9.6.24", "14beta2", "unknown"] {
            let line = ensure_new_enough(version).expect_err(version).to_string();
            assert!(line.contains(version) && line.contains("needs 15 or newer"), "{line}");
        }
    }
}
