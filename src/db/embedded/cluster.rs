//! One private cluster: started or adopted, waited for, and stopped.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::process::Child;

use super::binaries::{self, Binaries};
use super::place::Place;
use super::{Error, Settings, initdb, pid_file};

/// How long Postgres may take to come up: after a crash it first replays its log.
const START: Duration = Duration::from_secs(120);

/// How long it may take to go down.
const STOP: Duration = Duration::from_secs(30);

/// How often we look whether it is up, or has gone though it is not our child: it tells nobody.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// A private Postgres that is running, or coming up.
#[derive(Debug)]
pub struct Cluster {
    place: Place,
    pid: Pid,
    child: Option<Child>,
}

impl Cluster {
    /// Starts the cluster of a data directory, made first if need be; one that still runs, since
    /// the Cairn that started it was killed, is adopted. The caller holds the directory's lock,
    /// and waits for it by [`Cluster::ready`]. A start that is dropped leaves nothing running.
    ///
    /// # Errors
    /// [`Error`] says in one line what is missing or failed.
    pub async fn start(settings: &Settings) -> Result<Self, Error> {
        let place = Place::of(&settings.data_dir)?;
        if let Some(adopted) = adopt(&place).await? {
            return Ok(adopted);
        }
        let binaries = binaries::find(&place).await?;
        if place.version()?.is_none() {
            initdb::run(&place, &binaries).await?;
        }
        pid_file::remove_stale(&place.cluster)?;
        spawn(place, &binaries, settings)
    }

    /// The cluster of a data directory that another process runs; none while none is running.
    ///
    /// # Errors
    /// [`Error`] when it ends instead of answering.
    pub async fn running(data_dir: &Path) -> Result<Option<Self>, Error> {
        let place = Place::of(data_dir)?;
        let Some(pid) = pid_file::running(&place.cluster) else { return Ok(None) };
        let mut cluster = Self { place, pid, child: None };
        cluster.ready().await?;
        Ok(Some(cluster))
    }

    /// Waits until it answers, and sees to it that the program's own database is there.
    ///
    /// # Errors
    /// [`Error`] when it ends instead, or takes too long.
    pub async fn ready(&mut self) -> Result<(), Error> {
        let connection = self.answer().await?;
        self.make_database(connection).await.map_err(|error| Error::postgres(error.to_string()))
    }

    async fn answer(&mut self) -> Result<PgConnection, Error> {
        let options: PgConnectOptions =
            self.url("postgres").parse().map_err(std::io::Error::other)?;
        // On a slow disk making the database takes a while; that is nothing to warn of.
        let options = options.disable_statement_logging();
        let deadline = Instant::now() + START;
        loop {
            match options.connect().await {
                Ok(connection) => return Ok(connection),
                Err(error) if Instant::now() > deadline => {
                    return Err(Error::postgres(error.to_string()));
                }
                Err(_) if self.has_ended() => return Err(last_words(&self.place.log)),
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }

    async fn make_database(&self, mut connection: PgConnection) -> sqlx::Result<()> {
        let exists = sqlx::query("select from pg_database where datname = 'cairn'")
            .fetch_optional(&mut connection)
            .await?;
        if exists.is_none() {
            let made = sqlx::query("create database cairn").execute(&mut connection).await;
            made.map(drop).or_else(unless_made_meanwhile)?;
        }
        connection.close().await
    }

    /// How to connect to one of its databases.
    pub fn url(&self, database: &str) -> String {
        let sockets =
            url::form_urlencoded::byte_serialize(self.place.sockets.as_os_str().as_encoded_bytes());
        let host: String = sockets.collect();
        format!("postgres://{}@localhost/{database}?host={host}", self.place.owner.name())
    }

    /// Waits until it has gone, whoever ended it.
    pub async fn ended(&mut self) {
        match &mut self.child {
            Some(child) => {
                // That it cannot be waited for any more means that it has gone.
                let _ = child.wait().await;
            }
            None => {
                while pid_file::lives(self.pid) {
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    /// Stops it: connections are ended, what was committed is safe.
    ///
    /// # Errors
    /// [`Error`] when it does not go down.
    pub async fn stop(mut self) -> Result<(), Error> {
        if self.has_ended() {
            return Ok(());
        }
        // SIGINT asks Postgres for its fast shutdown.
        let _ = kill(self.pid, Signal::SIGINT);
        let ended = tokio::time::timeout(STOP, self.ended()).await;
        let too_long = format!("it did not stop within {} s", STOP.as_secs());
        ended.map_err(|_| Error::postgres(too_long))
    }

    fn has_ended(&mut self) -> bool {
        match &mut self.child {
            Some(child) => !matches!(child.try_wait(), Ok(None)),
            None => !pid_file::lives(self.pid),
        }
    }
}

/// Another process found it missing too, and was first.
fn unless_made_meanwhile(error: sqlx::Error) -> sqlx::Result<()> {
    let code = error.as_database_error().and_then(|error| error.code());
    // duplicate_database, or unique_violation when both are at it.
    if matches!(code.as_deref(), Some("42P04" | "23505")) { Ok(()) } else { Err(error) }
}

/// The Postgres that a killed Cairn left running; none when it goes down instead of answering.
async fn adopt(place: &Place) -> Result<Option<Cluster>, Error> {
    let Some(pid) = pid_file::running(&place.cluster) else { return Ok(None) };
    let mut left = Cluster { place: place.clone(), pid, child: None };
    match left.answer().await {
        Ok(_) => {
            tracing::info!(%pid, "adopting the Postgres that was left running");
            Ok(Some(left))
        }
        Err(_) if left.has_ended() => Ok(None),
        Err(error) => Err(error),
    }
}

fn spawn(place: Place, binaries: &Binaries, settings: &Settings) -> Result<Cluster, Error> {
    place.owner.make_private_folder(&place.sockets)?;
    let mut command = place.owner.command(&binaries.program("postgres"));
    command.arg("-D").arg(&place.cluster).arg("-k").arg(&place.sockets);
    let fixed = ["listen_addresses=", "max_connections=200", "timezone=UTC", "log_timezone=UTC"];
    for setting in fixed.into_iter().chain(undurable(settings.durable)).map(str::to_owned) {
        command.arg("-c").arg(setting);
    }
    for setting in &settings.options {
        command.arg("-c").arg(setting);
    }
    let log = log_file(&place)?;
    let child = command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
    let pid = child.id().ok_or_else(|| Error::postgres("it ended at once"))?;
    Ok(Cluster { place, pid: Pid::from_raw(pid.cast_signed()), child: Some(child) })
}

fn undurable(durable: bool) -> impl Iterator<Item = &'static str> {
    let settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
    settings.into_iter().filter(move |_| !durable)
}

fn log_file(place: &Place) -> Result<File, Error> {
    Ok(OpenOptions::new().create(true).write(true).truncate(true).open(&place.log)?)
}

fn last_words(log: &Path) -> Error {
    let log = fs::read_to_string(log).unwrap_or_default();
    let fatal =
        log.lines().rev().find(|line| line.contains("FATAL")).or_else(|| log.lines().last());
    Error::postgres(fatal.unwrap_or("it said nothing"))
}
