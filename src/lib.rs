#![doc = include_str!("README.md")]

pub mod values;
pub mod db;
pub mod events;
pub mod domain;
pub mod webhooks;
pub mod tracking;
pub mod notifications;
pub mod views;
pub mod live;
pub mod web;
pub mod app;
pub mod cli;
pub mod config;
pub mod worker;
