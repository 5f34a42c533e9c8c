//! The next change: when something drawn will look otherwise although nothing was learnt, so that one timer is set and
//! nothing ticks.

use crate::clock::Timestamp;
use crate::domain::ids::SourceName;
use crate::store::Store;
use crate::store::freshness::Age;
use crate::ui::format;

/// Collects the times at which drawn things change by themselves, and keeps the earliest.
#[derive(Debug, Clone, Copy)]
pub struct Next {
    now: Timestamp,
    at: Option<Timestamp>,
}

impl Next {
    /// Nothing changes yet.
    pub const fn new(now: Timestamp) -> Self {
        Self { now, at: None }
    }

    /// The earliest of all.
    pub const fn at(self) -> Option<Timestamp> {
        self.at
    }

    fn add(&mut self, at: Timestamp) {
        if at > self.now {
            self.at = Some(self.at.map_or(at, |known| known.min(at)));
        }
    }

    /// An age of `since` is drawn.
    pub fn age(&mut self, since: Option<Timestamp>) {
        if let Some(since) = since {
            self.add(format::age_changes(since, self.now));
        }
    }

    /// A duration that still runs is drawn.
    pub fn running(&mut self, began: Option<Timestamp>) {
        if let Some(began) = began {
            self.add(format::running_changes(began, self.now));
        }
    }

    /// What is left until `end` is drawn.
    pub fn left(&mut self, end: Option<Timestamp>) {
        if let Some(at) = end.and_then(|end| format::left_changes(end, self.now)) {
            self.add(at);
        }
    }

    /// A value of `source` that was true at `at` is drawn with its freshness.
    pub fn fresh(&mut self, store: &Store, source: &SourceName, at: Timestamp) {
        let due = store.due_at(source, at);
        self.add(if due >= self.now { after(due) } else { Age::next_change(at, self.now) });
    }

    /// Another collection's earliest.
    pub fn merge(&mut self, other: Option<Timestamp>) {
        if let Some(at) = other {
            self.add(at);
        }
    }
}

/// A moment later: a value is past due after its time, not at it.
fn after(at: Timestamp) -> Timestamp {
    at.saturating_add(jiff::SignedDuration::from_nanos(1)).unwrap_or(at)
}
