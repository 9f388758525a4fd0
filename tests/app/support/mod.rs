//! What the tests stand on: a database each, the real program around it, and ways to ask it.

pub mod app;
pub mod browser;
pub mod client;
mod cluster;
pub mod data_dir;
mod database;
pub mod mail_server;
pub mod misbehaving;
pub mod people;
pub mod program;
pub mod server;
pub mod sink;

pub use app::TestApp;
pub use database::TestDatabase;
