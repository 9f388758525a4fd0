//! Which database: the operator's, or the private one of the data directory.

use sqlx::PgPool;
use sqlx::migrate::MigrateError;

use super::Failure;
use crate::config::Config;
use crate::db;
use crate::db::embedded::{Cluster, OLDEST, Settings};
use crate::db::lock::DataDirLock;
use crate::values::secret::Secret;

/// Connections of a process: with two cores, more would only queue in Postgres.
const CONNECTIONS: u32 = 16;

/// A database that can be connected to.
pub(super) enum Database {
    /// The operator's own.
    Given(Secret),
    /// The private cluster, which this process started or adopted, with the directory's lock.
    Private(Cluster, DataDirLock),
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
        let lock = lock(config)?.ok_or_else(|| {
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

    /// For a command: beside a server that runs, or without one.
    pub(super) async fn open(config: &Config) -> Result<Self, Failure> {
        if let Some(url) = &config.database_url {
            return Ok(Self::Given(url.clone()));
        }
        match lock(config)? {
            Some(lock) => Self::start(config, lock).await,
            None => Ok(Self::Beside(Cluster::running(&config.data_dir).await?)),
        }
    }

    async fn start(config: &Config, lock: DataDirLock) -> Result<Self, Failure> {
        let settings =
            Settings { data_dir: config.data_dir.clone(), durable: true, options: Vec::new() };
        Ok(Self::Private(Cluster::start(&settings).await?, lock))
    }

    /// Whether it is the private one.
    pub(super) fn is_private(&self) -> bool {
        !matches!(self, Self::Given(_))
    }

    fn url(&self) -> Secret {
        match self {
            Self::Given(url) => url.clone(),
            Self::Private(cluster, _) | Self::Beside(cluster) => Secret::new(cluster.url("cairn")),
        }
    }

    /// Connects, and brings the schema up to date.
    pub(super) async fn prepare(&self) -> Result<PgPool, Failure> {
        let pool = self.connect(CONNECTIONS).await?;
        refuse_old(&pool).await?;
        db::migrate(&pool).await.map_err(|error| not_migrated(&error))?;
        Ok(pool)
    }

    /// A pool of at most so many connections.
    pub(super) async fn connect(&self, connections: u32) -> Result<PgPool, Failure> {
        db::connect(self.url().reveal(), connections)
            .await
            .map_err(|error| Failure::new(format!("Postgres can’t be reached: {error}")))
    }

    /// Stops what this process started.
    pub(super) async fn close(self) -> Result<(), Failure> {
        if let Self::Private(cluster, _lock) = self {
            cluster.stop().await?;
        }
        Ok(())
    }
}

fn lock(config: &Config) -> Result<Option<DataDirLock>, Failure> {
    DataDirLock::take(&config.data_dir).map_err(|error| {
        Failure::new(format!(
            "the data directory {} can’t be written: {error}",
            config.data_dir.display()
        ))
    })
}

async fn refuse_old(pool: &PgPool) -> Result<(), Failure> {
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#)
        .fetch_one(pool)
        .await?;
    let major: u32 =
        version.split(|c: char| !c.is_ascii_digit()).next().unwrap_or("").parse().unwrap_or(0);
    if major < OLDEST {
        return Err(Failure::new(format!(
            "this Postgres is version {version}; Cairn needs {OLDEST} or newer"
        )));
    }
    Ok(())
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
