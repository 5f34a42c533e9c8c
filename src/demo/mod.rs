//! The demonstration: sample services on an embedded engine, under real traffic. Three processes: the one that people
//! see (`stage`), the one that works for it and clears up behind it (`host`), and the engine.

mod api;
mod committer;
mod ending;
mod engine;
mod host;
mod leftover;
mod link;
pub mod repository;
mod samples;
mod seeding;
pub mod service;
pub mod shop;
mod stage;
mod traffic;

pub use ending::{on_signals, say};
pub use engine::run as engine;
pub use host::run as host;
pub use stage::{Fault as StageFault, Stage};
