//! Whom the private Postgres runs as, and where that user can reach.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{User, geteuid};
use sha2::{Digest as _, Sha256};

/// Where clusters of root live when the data directory is in a folder that others cannot enter.
const REACHABLE: &str = "/var/lib/cairn";

/// The user that Postgres runs as; none means ourselves.
#[derive(Debug, Clone)]
pub(super) struct Owner {
    other: Option<User>,
}

impl Owner {
    /// Ourselves, or an unprivileged user when we are root.
    pub(super) fn find() -> io::Result<Self> {
        if !geteuid().is_root() {
            return Ok(Self { other: None });
        }
        for name in ["postgres", "nobody"] {
            if let Some(user) = User::from_name(name)? {
                return Ok(Self { other: Some(user) });
            }
        }
        Err(io::Error::other("Postgres can’t run as root, and there is no user postgres or nobody"))
    }

    /// The name that Postgres knows this user by.
    pub(super) fn name(&self) -> &str {
        self.other.as_ref().map_or("cairn", |user| &user.name)
    }

    /// The folder for what belongs to a data directory and must be reached by this user.
    pub(super) fn folder(&self, data_dir: &Path) -> PathBuf {
        if self.other.is_none() || data_dir.ancestors().all(is_open) {
            return data_dir.join("postgres");
        }
        let hash = hex::encode(&Sha256::digest(data_dir.as_os_str().as_encoded_bytes())[..8]);
        Path::new(REACHABLE).join(hash)
    }

    /// Makes a folder that only this user can enter.
    pub(super) fn make_private_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        if let Some(user) = &self.other {
            chown(folder, Some(user.uid.as_raw()), Some(user.gid.as_raw()))?;
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }

    /// Gives a file to this user.
    pub(super) fn give(&self, file: &Path) -> io::Result<()> {
        match &self.other {
            Some(user) => chown(file, Some(user.uid.as_raw()), Some(user.gid.as_raw())),
            None => Ok(()),
        }
    }

    /// A program that will run as this user, away from our folder, terminal and variables.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().env("LC_ALL", "C").env("TZ", "UTC").process_group(0);
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
        if let Some(user) = &self.other {
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }
}

/// Whether others may pass through a folder on their way down.
fn is_open(folder: &Path) -> bool {
    match fs::metadata(folder) {
        Ok(metadata) => metadata.permissions().mode() & 0o001 != 0,
        // What is not there yet is made open by us; the empty path stands for where we are.
        Err(_) => true,
    }
}
