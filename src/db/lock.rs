//! The locks on a data directory: one process at a time runs its Postgres, and whether that is a
//! server can be told.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Held by whoever runs the Postgres of a data directory.
const RUNS: &str = "lock";

/// Held by a server beside the first.
const SERVES: &str = "server.lock";

/// Held as long as it lives; the system lets go of it even after `kill -9`.
#[derive(Debug)]
pub struct DataDirLock {
    _runs: File,
    _serves: Option<File>,
}

impl DataDirLock {
    /// Takes the lock, making the directory if need be; none when another process holds it.
    ///
    /// # Errors
    /// A directory that cannot be made or written.
    pub fn take(data_dir: &Path) -> io::Result<Option<Self>> {
        fs::create_dir_all(data_dir)?;
        Ok(hold(&data_dir.join(RUNS))?.map(|runs| Self { _runs: runs, _serves: None }))
    }

    /// Takes it as a server: others may work beside it until it ends.
    ///
    /// # Errors
    /// A directory that cannot be made or written.
    pub fn take_to_serve(data_dir: &Path) -> io::Result<Option<Self>> {
        let Some(lock) = Self::take(data_dir)? else { return Ok(None) };
        let serves = open(&data_dir.join(SERVES))?;
        // Whoever looks whether there is a server holds it for a moment.
        serves.lock()?;
        Ok(Some(Self { _serves: Some(serves), ..lock }))
    }

    /// Whether a server holds it.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn is_served(data_dir: &Path) -> io::Result<bool> {
        Ok(hold(&data_dir.join(SERVES))?.is_none())
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

fn hold(path: &Path) -> io::Result<Option<File>> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_one_is_refused_until_the_first_has_gone() {
        let folder = std::env::temp_dir().join(format!("cairn-lock-{}", std::process::id()));
        let first = DataDirLock::take(&folder).expect("a folder");
        assert!(first.is_some());
        assert!(DataDirLock::take(&folder).expect("a folder").is_none());
        assert!(!DataDirLock::is_served(&folder).expect("a folder"), "by a command");
        drop(first);
        let server = DataDirLock::take_to_serve(&folder).expect("a folder");
        assert!(server.is_some() && DataDirLock::is_served(&folder).expect("a folder"));
        drop(server);
        assert!(!DataDirLock::is_served(&folder).expect("a folder"));
        fs::remove_dir_all(folder).expect("to clean up");
    }
}
