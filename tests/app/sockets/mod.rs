//! The sockets of pages over real connections: what each client says and hears, and what is said to
//! those who say what they should not.

mod access;
mod bad_input;
mod clients;
mod ear;
mod frames;
mod revocation;
pub mod scene;
#[cfg(target_os = "linux")]
mod slow_readers;
