//! Where the programs of Postgres are: on the machine, or fetched.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Error, OLDEST, fetch};

/// A folder with `initdb` and `postgres` of one major version.
#[derive(Debug, Clone)]
pub(super) struct Binaries {
    /// The folder.
    pub(super) folder: PathBuf,
    /// The major version.
    pub(super) major: u32,
}

/// The programs for a cluster: of its own major version if it exists, else the newest installed.
pub(super) fn find(wanted: Option<u32>, fetched: &Path) -> Result<Binaries, Error> {
    let fits = |binaries: &Binaries| match wanted {
        Some(major) => binaries.major == major,
        None => binaries.major >= OLDEST,
    };
    if let Some(found) = installed().into_iter().filter(fits).max_by_key(|found| found.major) {
        return Ok(found);
    }
    let fetched = Binaries::at(fetch::fetch(fetched)?).filter(fits);
    fetched.ok_or_else(|| {
        let major = wanted.unwrap_or(OLDEST);
        Error::NoBinaries(format!(
            "the data directory was made by Postgres {major}, whose programs are not on this \
             machine; install Postgres {major} and start again"
        ))
    })
}

fn installed() -> Vec<Binaries> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).collect::<Vec<_>>();
    let packaged = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders =
        on_path.into_iter().chain(configured()).chain(packaged.map(|v| v.path().join("bin")));
    folders.filter_map(Binaries::at).collect()
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
    }
}
