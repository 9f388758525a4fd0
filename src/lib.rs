#![doc = include_str!("README.md")]

pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod events;
pub mod live;
pub mod mail;
pub mod notifications;
pub mod tracking;
pub mod values;
pub mod views;
pub mod web;
pub mod webhooks;
pub mod worker;
