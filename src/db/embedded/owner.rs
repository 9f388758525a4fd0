//! Whom the private Postgres runs as, and what that user can reach.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::Path;

use nix::unistd::{User, geteuid};
use tokio::process::Command;

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

    /// Whether this user can pass through a folder and all above it.
    pub(super) fn can_reach(&self, folder: &Path) -> bool {
        self.other.is_none() || folder.ancestors().all(is_open)
    }

    /// Makes a folder that only this user can enter.
    ///
    /// # Errors
    /// One that cannot be made, or is there and belongs to somebody else.
    pub(super) fn make_private_folder(&self, folder: &Path) -> io::Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => self.give(folder)?,
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) if self.owns(folder)? => {}
            Err(_) => {
                let line = format!("{} belongs to somebody else", folder.display());
                return Err(io::Error::other(line));
            }
        }
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }

    /// Gives a file or folder to this user.
    pub(super) fn give(&self, path: &Path) -> io::Result<()> {
        match &self.other {
            Some(user) => chown(path, Some(user.uid.as_raw()), Some(user.gid.as_raw())),
            None => Ok(()),
        }
    }

    /// A link is never ours: in a folder that all may write to, it may lead anywhere.
    fn owns(&self, folder: &Path) -> io::Result<bool> {
        let uid = self.other.as_ref().map_or_else(geteuid, |user| user.uid);
        let metadata = fs::symlink_metadata(folder)?;
        Ok(metadata.is_dir() && metadata.uid() == uid.as_raw())
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
