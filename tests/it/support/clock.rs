//! A clock that stands still until it is moved by hand.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use leverframe::clock::{Clock, System};

/// The clock.
pub struct Hand {
    began: (Timestamp, Instant),
    passed: Mutex<Duration>,
}

impl Hand {
    /// A clock that stands at `now`.
    pub fn at(now: Timestamp) -> Self {
        Self { began: (now, System.instant()), passed: Mutex::default() }
    }

    /// Lets time pass.
    pub fn passes(&self, span: Duration) {
        *self.passed.lock().unwrap() += span;
    }
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        self.began.0 + *self.passed.lock().unwrap()
    }

    fn instant(&self) -> Instant {
        self.began.1 + *self.passed.lock().unwrap()
    }
}
