//! The chain over the log: whoever changes what happened is found out.

mod commands;
mod log;
mod tampering;
