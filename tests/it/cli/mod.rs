//! The command line by the real binary, against a real engine.

mod answers;
pub mod bench;
mod deeds;
mod doctor;
mod eyes;
mod first;
mod hostile;
mod journal;
mod killed;
mod reads;
mod runs;
mod secrets;
mod stops;
pub mod stub;
mod terminal;
mod usage;
