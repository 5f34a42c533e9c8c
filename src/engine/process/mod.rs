//! Processes of the engine: how they are started, known again, and ended with everything that they forked. What they are
//! for is not known here.
//!
//! Each carries a [`Mark`] in its environment, which what it forks inherits. A process is told from another that got its
//! number later by the moment of its start ([`Identity`]). None of them dies with the engine: who ends them says so.

mod ending;
mod identity;
mod program;
mod table;
#[cfg(test)]
mod tests;

pub use ending::{end, end_left_over, end_now};
pub use identity::Identity;
pub use program::{Ended, Program, Started};
pub use table::{Found, marked};

/// The variable that names the engine whose process it is.
pub const ENGINE: &str = "LEVERFRAME_ENGINE";
/// The variable that names the process within the engine.
pub const PROCESS: &str = "LEVERFRAME_PROCESS";

/// What a process is marked with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark {
    /// The engine's identity.
    pub engine: String,
    /// The process: a name that no other process of this engine ever has, such as `job/shop/7/compile/1` or
    /// `instance/shop/production/3/1/2`. Its first part says what it is: `job`, `instance` or `git`.
    pub name: String,
}

impl Mark {
    /// A mark of an engine.
    pub fn new(engine: impl Into<String>, name: impl Into<String>) -> Self {
        Self { engine: engine.into(), name: name.into() }
    }
}
