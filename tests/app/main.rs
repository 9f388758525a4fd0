//! Cairn from the outside: one binary, a module for each noun.
#![expect(
    unreachable_pub,
    reason = "a test binary exports nothing; `pub` says what a module offers"
)]

mod api;
mod backup;
mod bad_input;
mod catalogue;
mod command_line;
mod feed;
mod house;
mod journeys;
mod licences;
mod live;
mod mail;
mod notifications;
mod one_file_kind;
mod private_postgres;
mod profile;
mod refusals;
mod sessions;
mod setup;
mod support;
mod tenancy;
mod webhooks;
