//! The command line: one file a subcommand; the same actions as the console, no screen.

pub mod demo;
pub mod engine;
