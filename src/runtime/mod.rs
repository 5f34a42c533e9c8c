//! Everything impure of the console: the loop, the terminal, performing effects, journal and saved state. It decides
//! nothing; it performs.

pub mod browse;
pub mod clipboard;
pub mod console;
pub mod download;
pub mod journal;
pub mod log;
pub mod notify;
pub mod perform;
pub mod saved;
mod seek;
pub mod terminal;
pub mod themes;
