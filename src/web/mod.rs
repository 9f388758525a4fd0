//! HTTP: pages, API and sockets.
pub mod assets;
