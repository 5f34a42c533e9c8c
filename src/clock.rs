//! The clock: a trait, and the only reader of the system's time.

use std::time::{Duration, Instant};

pub use jiff::Timestamp;

/// Where time comes from. Everything that needs "now" is handed it as data, by a caller that holds one of these.
pub trait Clock: Send + Sync {
    /// The wall clock, for stamps that people and other machines read.
    fn now(&self) -> Timestamp;
    /// The monotonic clock, for deadlines and durations; never shown.
    fn instant(&self) -> Instant;
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

#[expect(clippy::disallowed_methods, reason = "this is the one reader of the system's clock")]
impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
    fn instant(&self) -> Instant {
        Instant::now()
    }
}

/// The span from `earlier` to `later`; zero if the clock went backwards in between.
pub fn since(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}
