//! Why the program ends, in one line for whoever started it.

use std::fmt;
use std::io;

use crate::config::ConfigError;
use crate::db::embedded;
use crate::domain;

/// A line to print, and the exit status that goes with it.
#[derive(Debug)]
pub struct Failure {
    line: String,
    status: u8,
}

impl Failure {
    /// Something failed.
    pub fn new(line: impl Into<String>) -> Self {
        Self { line: one_line(&line.into()), status: 1 }
    }

    /// Something that was asked for is wrong.
    pub fn wrong(line: impl Into<String>) -> Self {
        Self { status: 2, ..Self::new(line) }
    }

    /// Somebody asked us to stop before we had done.
    pub(super) fn interrupted() -> Self {
        Self::new("interrupted; nothing was done")
    }

    /// The exit status: 2 for settings that are wrong, 1 for the rest.
    pub fn status(&self) -> u8 {
        self.status
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { status: 2, ..Self::new(error.to_string()) }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<embedded::Error> for Failure {
    fn from(error: embedded::Error) -> Self {
        Self::new(error.to_string())
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::new(format!("Postgres: {}", reason(&error)))
    }
}

/// What Postgres or the system said, without what the driver says around it.
pub(super) fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Database(error) => error.message().to_owned(),
        sqlx::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

impl From<domain::Error> for Failure {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::Unexpected(error) => error.into(),
            error => Self::new(error.to_string()),
        }
    }
}
