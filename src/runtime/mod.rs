//! Everything impure of the console: the loop, the terminal, performing effects, journal and saved state. It decides
//! nothing; it performs.

pub mod journal;
pub mod perform;
pub mod saved;
pub mod terminal;
