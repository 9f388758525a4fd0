//! The lock on a data directory: one server at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// Held as long as it lives; the system lets go of it even after `kill -9`.
#[derive(Debug)]
pub struct DataDirLock {
    _file: File,
}

impl DataDirLock {
    /// Takes the lock, making the directory if need be; none when another process holds it.
    ///
    /// # Errors
    /// A directory that cannot be made or written.
    pub fn take(data_dir: &Path) -> io::Result<Option<Self>> {
        fs::create_dir_all(data_dir)?;
        let path = data_dir.join("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
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
        drop(first);
        assert!(DataDirLock::take(&folder).expect("a folder").is_some());
        fs::remove_dir_all(folder).expect("to clean up");
    }
}
