//! Reading a TOML file as people write it: every fault with its file, line, column, key and hint, all in one reading.
//! What the keys mean is the caller's business: the configuration, or a pipeline file.

pub mod duration;
mod fault;
mod reader;
mod span;

pub use fault::{Fault, Faults};
pub use reader::{Reader, Table, Value, refuse_twice};
pub use span::span;
