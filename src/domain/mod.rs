//! The nouns of the trade and their rules: pure data, no I/O, no clock, no screen. Every floor above speaks these words.
//!
//! The shapes serialise with the words and keys of the program's JSON, so that the engine's API, the command line and
//! the saved state share one spelling.

#[macro_use]
mod words;

pub mod budget;
pub mod chain;
pub mod change;
pub mod confirmation;
pub mod environment;
pub mod evidence;
pub mod filter;
pub mod flag;
pub mod freeze;
pub mod gate;
pub mod ids;
pub mod log;
pub mod nearest;
pub mod notes;
pub mod observation;
pub mod order;
pub mod release;
pub mod rollout;
pub mod run;
pub mod service;
pub mod signal;
pub mod sought;
pub mod stop;
pub mod text;
pub mod topology;
