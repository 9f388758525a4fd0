//! What the tests stand on: a database each, the real program around it, and ways to ask it.

mod cluster;
mod database;

pub use database::TestDatabase;
