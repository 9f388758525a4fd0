//! Cairn from the outside: one binary, a module for each noun.

mod catalogue;
mod house;
mod support;
