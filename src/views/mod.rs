//! How it looks: functions from data to HTML.
pub mod assets;
