//! Leverframe, the release console for the terminal: every service's way from commit to production, and the levers
//! that move it. The modules in reading order, ground floor first; `src/README.md` says what may use what.

pub mod clock;
#[macro_use]
pub mod domain;

pub mod analysis;
pub mod capabilities;
pub mod config;
pub mod protocol;
pub mod secrets;

pub mod backends;
pub mod store;

pub mod actions;
pub mod ui;

pub mod app;

pub mod engine;
pub mod runtime;

pub mod demo;

pub mod cli;
