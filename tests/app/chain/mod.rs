//! The chain over the log: whoever changes what happened is found out.

mod archives;
mod commands;
mod log;
mod tampering;
