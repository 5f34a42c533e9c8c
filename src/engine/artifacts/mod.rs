//! Artifacts: the files that jobs leave behind, kept by their content, and the listings that say which they are. Knows
//! files only; which job left them and which release they make is decided elsewhere. Blocking: the caller sees to a
//! thread for it.

mod collect;
mod fault;
mod manifest;
mod store;

pub use collect::collect;
pub use fault::Fault;
pub use manifest::{Entry, Manifest};
pub use store::Store;
