//! The one test binary.

#![expect(clippy::unwrap_used, reason = "in a test, what must not fail ends it")]

mod actions;
mod app;
mod architecture;
mod backends;
mod cli;
mod config;
mod demo;
mod engine;
mod races;
mod screens;
mod secrets;
mod support;
mod terminal;
