//! Host: what the other end lets be known of itself beside its answers: its clock, and how often it may still be asked.

use jiff::Timestamp;

pub use crate::domain::budget::Budget;

/// What was heard with the last answer, whatever that answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    /// When the answer came, by this machine's clock.
    pub at: Timestamp,
    /// The same moment by the other end's clock, to the second.
    pub date: Option<Timestamp>,
    /// How often it may still be asked.
    pub budget: Option<Budget>,
}

/// A source that is reached through a host that tells of itself.
pub trait Host: Send + Sync {
    /// What was heard last; `None` before the first answer.
    fn heard(&self) -> Option<Heard>;
}
