//! The server's secret key: the operator's, or one that is made once and kept in the data directory.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use super::Failure;
use crate::config::Config;
use crate::values::secret::{KeyRing, Secret};

/// The keys of this run.
pub(super) fn load(config: &Config) -> Result<KeyRing, Failure> {
    let key = match &config.secret_key {
        Some(key) => key.clone(),
        None => kept(&config.data_dir).map_err(|error| {
            Failure::new(format!("the secret key in the data directory: {error}"))
        })?,
    };
    let previous = config.previous_secret_key.as_ref().map(|key| key.reveal().as_bytes());
    Ok(KeyRing::new(key.reveal().as_bytes(), previous))
}

fn kept(data_dir: &Path) -> io::Result<Secret> {
    let path = data_dir.join("secret_key");
    match fs::read_to_string(&path) {
        Ok(key) if key.len() >= 32 => Ok(Secret::new(key)),
        Ok(_) => Err(io::Error::other("it is damaged; put it back from a backup, or remove it")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make(&path),
        Err(error) => Err(error),
    }
}

/// Makes the key whole before it has its name, so that a crash leaves none rather than half of one.
fn make(path: &Path) -> io::Result<Secret> {
    let (key, unfinished) = (Secret::token(), path.with_extension("new"));
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&unfinished)?;
    file.write_all(key.reveal().as_bytes())?;
    file.sync_all()?;
    fs::rename(unfinished, path)?;
    Ok(key)
}
