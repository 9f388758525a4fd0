//! The private Postgres: found or fetched, started for one data directory, adopted when a killed
//! Cairn left it running, and stopped with it.
//!
//! It listens on a socket in a folder that only its owner can enter, and on no port: nothing can
//! be taken, and nobody else on the machine gets in. Postgres refuses to run as root, so then it
//! runs as `postgres` if there is such a user, else as `nobody`, in a folder that user can reach.

mod binaries;
mod cluster;
mod fetch;
mod initdb;
mod owner;
mod pid_file;
mod place;

use std::io;
use std::path::PathBuf;

pub use cluster::Cluster;

/// The oldest major version that Cairn runs on.
pub const OLDEST: u32 = 15;

/// What a cluster is to be.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The data directory that it belongs to.
    pub data_dir: PathBuf,
    /// Whether commits must survive a crash of the machine; tests do without.
    pub durable: bool,
    /// Further settings of Postgres, as `name=value`.
    pub options: Vec<String>,
}

/// Why there is no private Postgres.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to run.
    #[error("{0}")]
    NoBinaries(String),
    /// A program of Postgres failed.
    #[error("{program} failed: {said}")]
    Failed {
        /// The program.
        program: &'static str,
        /// The last line it said.
        said: String,
    },
    /// A file could not be read or written.
    #[error("the private Postgres: {0}")]
    Io(#[from] io::Error),
}

impl Error {
    /// Postgres itself failed.
    fn postgres(said: impl Into<String>) -> Self {
        Self::Failed { program: "postgres", said: said.into() }
    }

    /// The cluster needs programs of a major version that are not here and cannot be fetched.
    fn missing(major: u32) -> Self {
        Self::NoBinaries(format!(
            "the data directory was made by Postgres {major}, whose programs are not on this \
             machine; install Postgres {major} and start again"
        ))
    }
}
