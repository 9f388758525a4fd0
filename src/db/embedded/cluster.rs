//! One private cluster: made, started or adopted, and stopped.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use super::binaries::{self, Binaries};
use super::owner::Owner;
use super::{Error, Settings, pid_file};

/// How long Postgres may take to come up: after a crash it first replays its log.
const START: Duration = Duration::from_secs(120);

/// How long it may take to go down.
const STOP: Duration = Duration::from_secs(30);

/// How often we look whether it is up or down: Postgres tells nobody.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The longest path of a socket, less its name (sockaddr_un, 108 bytes).
const LONGEST_SOCKET_FOLDER: usize = 85;

/// A private Postgres that is running.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    sockets: PathBuf,
    user: String,
    pid: Pid,
    child: Option<Child>,
}

impl Cluster {
    /// Starts the cluster of a data directory, made first if need be; one that still runs, since
    /// the Cairn that started it was killed, is adopted. The caller holds the directory's lock.
    ///
    /// # Errors
    /// [`Error`] says in one line what is missing or failed.
    pub async fn start(settings: &Settings) -> Result<Self, Error> {
        let place = Place::of(&settings.data_dir)?;
        if let Some(pid) = pid_file::running(&place.folder) {
            tracing::info!(%pid, "adopting the Postgres that was left running");
            return place.await_connections(pid, None).await;
        }
        let version = major_version(&place.folder);
        let binaries = binaries::find(version, &place.home.join("binaries"))?;
        if version.is_none() {
            initialize(&place, &binaries)?;
        }
        pid_file::remove_stale(&place.folder)?;
        let child = spawn(&place, &binaries, settings)?;
        let pid = Pid::from_raw(child.id().cast_signed());
        place.await_connections(pid, Some(child)).await
    }

    /// The cluster of a data directory that another process runs.
    ///
    /// # Errors
    /// [`Error`] when none is running.
    pub async fn running(data_dir: &Path) -> Result<Self, Error> {
        let place = Place::of(data_dir)?;
        match pid_file::running(&place.folder) {
            Some(pid) => place.await_connections(pid, None).await,
            None => Err(Error::Failed {
                program: "postgres",
                said: "another Cairn holds the data directory, but its Postgres is not up"
                    .to_owned(),
            }),
        }
    }

    /// How to connect to one of its databases.
    pub fn url(&self, database: &str) -> String {
        let sockets =
            url::form_urlencoded::byte_serialize(self.sockets.as_os_str().as_encoded_bytes());
        let host: String = sockets.collect();
        format!("postgres://{}@localhost/{database}?host={host}", self.user)
    }

    /// The process that runs it.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw()
    }

    /// Stops it: connections are ended, what was committed is safe.
    ///
    /// # Errors
    /// [`Error`] when it does not go down.
    pub async fn stop(mut self) -> Result<(), Error> {
        // SIGINT asks Postgres for its fast shutdown.
        let _ = kill(self.pid, Signal::SIGINT);
        let deadline = Instant::now() + STOP;
        while self.is_up() {
            if Instant::now() > deadline {
                let said = format!("it did not stop within {} s", STOP.as_secs());
                return Err(Error::Failed { program: "postgres", said });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    fn is_up(&mut self) -> bool {
        match &mut self.child {
            Some(child) => matches!(child.try_wait(), Ok(None)),
            None => pid_file::lives(self.pid),
        }
    }
}

/// Where a cluster lives and who owns it.
struct Place {
    owner: Owner,
    home: PathBuf,
    folder: PathBuf,
    sockets: PathBuf,
}

impl Place {
    fn of(data_dir: &Path) -> Result<Self, Error> {
        fs::create_dir_all(data_dir)?;
        let data_dir = fs::canonicalize(data_dir)?;
        let owner = Owner::find()?;
        let home = owner.folder(&data_dir);
        fs::create_dir_all(&home)?;
        fs::set_permissions(&home, fs::Permissions::from_mode(0o755))?;
        let (folder, sockets) = (home.join("cluster"), socket_folder(&home));
        Ok(Self { owner, home, folder, sockets })
    }

    /// Waits until Postgres answers, or has gone.
    async fn await_connections(self, pid: Pid, child: Option<Child>) -> Result<Cluster, Error> {
        let user = self.owner.name().to_owned();
        let mut cluster = Cluster { folder: self.folder, sockets: self.sockets, user, pid, child };
        let options: PgConnectOptions =
            cluster.url("postgres").parse().map_err(std::io::Error::other)?;
        let deadline = Instant::now() + START;
        loop {
            match options.connect().await {
                Ok(connection) => return cluster.ready(connection).await,
                Err(error) if Instant::now() > deadline => {
                    return Err(Error::Failed { program: "postgres", said: error.to_string() });
                }
                Err(_) if !cluster.is_up() => return Err(last_words(&cluster.folder)),
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
    }
}

impl Cluster {
    /// Sees to it that the program's own database is there.
    async fn ready(self, mut connection: PgConnection) -> Result<Self, Error> {
        let exists = sqlx::query("select from pg_database where datname = 'cairn'")
            .fetch_optional(&mut connection)
            .await
            .map_err(std::io::Error::other)?;
        if exists.is_none() {
            sqlx::query("create database cairn")
                .execute(&mut connection)
                .await
                .map_err(std::io::Error::other)?;
        }
        connection.close().await.map_err(std::io::Error::other)?;
        Ok(self)
    }
}

/// A folder for the socket: in the cluster's own, unless its path is too long for one.
fn socket_folder(home: &Path) -> PathBuf {
    let sockets = home.join("sockets");
    let path = sockets.as_os_str().as_encoded_bytes();
    if path.len() <= LONGEST_SOCKET_FOLDER {
        return sockets;
    }
    std::env::temp_dir().join(format!("cairn-{}", hex::encode(&Sha256::digest(path)[..6])))
}

/// The major version that a cluster was made by, as Postgres itself remembers it there.
fn major_version(folder: &Path) -> Option<u32> {
    fs::read_to_string(folder.join("PG_VERSION")).ok()?.trim().parse().ok()
}

fn initialize(place: &Place, binaries: &Binaries) -> Result<(), Error> {
    tracing::info!(version = binaries.major, "making a private Postgres cluster");
    // What an interrupted initdb left behind is not a cluster: PG_VERSION is written last but one.
    if place.folder.exists() {
        fs::remove_dir_all(&place.folder)?;
    }
    place.owner.make_private_folder(&place.folder)?;
    let output = place
        .owner
        .command(&binaries.program("initdb"))
        .arg("--pgdata")
        .arg(&place.folder)
        .args(["--username", place.owner.name(), "--encoding=UTF8", "--locale=C", "--no-sync"])
        .args(["--auth-local=trust", "--auth-host=reject", "--no-instructions"])
        .output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::Failed { program: "initdb", said: said.lines().last().unwrap_or("").to_owned() })
}

fn spawn(place: &Place, binaries: &Binaries, settings: &Settings) -> Result<Child, Error> {
    place.owner.make_private_folder(&place.sockets)?;
    let mut command = place.owner.command(&binaries.program("postgres"));
    command.arg("-D").arg(&place.folder).arg("-k").arg(&place.sockets);
    let fixed = ["listen_addresses=", "max_connections=200", "timezone=UTC", "log_timezone=UTC"];
    for setting in fixed.into_iter().chain(undurable(settings.durable)).map(str::to_owned) {
        command.arg("-c").arg(setting);
    }
    for setting in &settings.options {
        command.arg("-c").arg(setting);
    }
    let log = log_file(place)?;
    Ok(run(command.stdout(log.try_clone()?).stderr(log))?)
}

fn run(command: &mut Command) -> std::io::Result<Child> {
    command.stdin(Stdio::null()).spawn()
}

fn undurable(durable: bool) -> impl Iterator<Item = &'static str> {
    let settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
    settings.into_iter().filter(move |_| !durable)
}

fn log_file(place: &Place) -> Result<File, Error> {
    let path = place.folder.join("postgres.log");
    let file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
    place.owner.give(&path)?;
    Ok(file)
}

fn last_words(folder: &Path) -> Error {
    let log = fs::read_to_string(folder.join("postgres.log")).unwrap_or_default();
    let fatal =
        log.lines().rev().find(|line| line.contains("FATAL")).or_else(|| log.lines().last());
    let said = fatal.unwrap_or("it said nothing").to_owned();
    Error::Failed { program: "postgres", said }
}
