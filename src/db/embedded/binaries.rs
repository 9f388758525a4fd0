//! Where the programs of Postgres are: on the machine, or fetched.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::place::Place;
use super::{Error, OLDEST, fetch};

/// A folder with `initdb` and `postgres` of one major version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    /// The folder.
    pub(super) folder: PathBuf,
    /// The major version.
    pub(super) major: u32,
}

/// The programs for a cluster: of its own major version if it exists, else the newest there are.
/// When there are none, they are fetched.
///
/// # Errors
/// [`Error::NoBinaries`] says which are missing.
pub(super) async fn find(place: &Place) -> Result<Binaries, Error> {
    let wanted = place.version()?;
    if let Some(found) = present(place, wanted) {
        return Ok(found);
    }
    if let Some(wanted) = wanted.filter(|wanted| major(fetch::VERSION) != Some(*wanted)) {
        return Err(Error::missing(wanted));
    }
    let folder = fetch::fetch(&place.binaries).await?;
    Binaries::at(folder).ok_or_else(|| {
        Error::NoBinaries(format!(
            "the Postgres that was fetched does not run on this machine; install Postgres {OLDEST} \
             or newer and start again"
        ))
    })
}

/// The newest there are that the cluster can be run by.
fn present(place: &Place, wanted: Option<u32>) -> Option<Binaries> {
    let fits = |found: &Binaries| match wanted {
        Some(major) => found.major == major,
        None => found.major >= OLDEST,
    };
    let found = installed().chain(fetch::fetched(&place.binaries)).filter_map(Binaries::at);
    found
        .filter(|found| fits(found) && place.owner.can_reach(&found.folder))
        .max_by_key(|found| found.major)
}

fn installed() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).collect::<Vec<_>>();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    on_path.into_iter().chain(configured()).chain(packaged.map(|v| v.path().join("bin")))
}

/// Where `pg_config` says they are.
fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

impl Binaries {
    /// The programs in a folder, if they are there and run. A link on the path is followed to
    /// the folder where its neighbours are.
    fn at(folder: impl AsRef<Path>) -> Option<Self> {
        let postgres = fs::canonicalize(folder.as_ref().join("postgres")).ok()?;
        let folder = postgres.parent()?.to_path_buf();
        if !folder.join("initdb").exists() {
            return None;
        }
        let output = Command::new(&postgres).arg("--version").output().ok()?;
        let major = major(&String::from_utf8(output.stdout).ok()?)?;
        Some(Self { folder, major })
    }

    /// One of the programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The major version in what `postgres --version` prints.
fn major(said: &str) -> Option<u32> {
    let version =
        said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_postgres_prints_them() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major("command not found"), None);
        assert!(major(fetch::VERSION) >= Some(OLDEST), "what is fetched is new enough");
    }
}
