//! What is looked for in a log, line by line: a pattern that somebody typed, or what tells of an error. A line is taken
//! without its colours, and of one that was written over only what was left last.

mod errors;
mod line;
mod pattern;
mod scan;

pub use errors::tells as tells_of_an_error;
pub use line::plain;
pub use pattern::Pattern;
pub use scan::Scan;

use super::log::LogKey;

/// The most bytes of one line that are kept and looked through, so that one without end leaves room for the others.
pub const LINE: usize = 1 << 20;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// Lines that match this.
    Pattern(Pattern),
    /// Lines that tell of an error.
    Errors,
}

impl Sought {
    /// Whether a line, raw, is one of those that are looked for.
    pub fn is_in(&self, raw: &[u8]) -> bool {
        match self {
            Self::Pattern(pattern) => pattern.is_in(&plain(raw)),
            Self::Errors => tells_of_an_error(raw),
        }
    }
}

/// A stretch of a log to be looked through at its source: from a byte on, as far as one step goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seek {
    /// Which log.
    pub log: LogKey,
    /// What for.
    pub what: Sought,
    /// The first byte. A line begins there, unless [`Seek::inside`].
    pub from: u64,
    /// Whether the first byte lies in a line whose beginning was looked through: the rest of it is passed over.
    pub inside: bool,
    /// Whether one line is enough for now; else as much as fits into a step.
    pub one: bool,
    /// The most lines that can still be taken.
    pub room: usize,
}

/// What one step found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Where the lines begin that are looked for, in order.
    pub hits: Vec<u64>,
    /// The byte from which on the next step goes.
    pub to: u64,
    /// As [`Seek::inside`], for the next step.
    pub inside: bool,
    /// How long the log was.
    pub total: u64,
    /// Whether the step came to the end of what there was; the last line is not looked through before it is whole.
    pub end: bool,
    /// Whether nothing will be added any more.
    pub ended: bool,
}
