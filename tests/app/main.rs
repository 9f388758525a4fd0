//! Cairn from the outside: one binary, a module for each noun.
#![expect(
    unreachable_pub,
    reason = "a test binary exports nothing; `pub` says what a module offers"
)]

mod api;
mod audit;
mod backup;
mod bad_input;
mod benches;
mod boards;
mod cards;
mod catalogue;
mod chain;
mod columns;
mod command_line;
mod consequences;
mod erasure;
mod every_kind;
mod feed;
mod house;
mod journeys;
mod licences;
mod live;
mod mail;
mod members;
mod notifications;
mod one_file_kind;
mod oracle;
mod outages;
mod private_boards;
mod private_postgres;
mod profile;
mod refusals;
mod search;
mod sessions;
mod settings;
mod setup;
mod sockets;
mod support;
mod tenancy;
mod time_travel;
mod tokens;
mod tracking;
mod webhooks;
