//! What the detail beside a list is about: the selected row, except while the selection runs through the list.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::clock::since;

/// A selection that moved twice within this runs: a key is held.
const RUNS: Duration = Duration::from_millis(120);

/// Follows a selection. While that runs, the detail stays where it was and says so by its title: drawn for every row
/// passed, it would come late behind a slow link, and each of them would be asked for at its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow<K> {
    selected: Option<K>,
    moved_at: Option<Timestamp>,
    shown: Option<K>,
}

impl<K> Default for Follow<K> {
    fn default() -> Self {
        Self { selected: None, moved_at: None, shown: None }
    }
}

impl<K: Clone + PartialEq> Follow<K> {
    /// Takes note of what is selected at `now`; `there` tells whether a row still is.
    pub fn settle(&mut self, selected: Option<&K>, now: Timestamp, there: impl FnOnce(&K) -> bool) {
        let moved = self.selected.as_ref() != selected;
        let runs = self.moved_at.is_some_and(|at| since(at, now) < RUNS);
        if moved {
            (self.selected, self.moved_at) = (selected.cloned(), Some(now));
        }
        if !runs || !self.shown.as_ref().is_some_and(there) {
            self.shown.clone_from(&self.selected);
        }
    }

    /// What the detail is about.
    pub const fn shown(&self) -> Option<&K> {
        self.shown.as_ref()
    }

    /// When the detail comes to the selected row, if it is not there.
    pub fn next_change(&self) -> Option<Timestamp> {
        let runs = SignedDuration::try_from(RUNS).unwrap_or_default();
        let moved_at = self.moved_at.filter(|_| self.shown != self.selected)?;
        moved_at.checked_add(runs).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).unwrap()
    }

    #[test]
    fn a_single_step_is_followed_at_once_and_a_run_at_its_end() {
        let mut follow = Follow::default();
        let there = |_: &i32| true;
        follow.settle(Some(&1), at(0), there);
        follow.settle(Some(&2), at(1000), there);
        assert_eq!((follow.shown(), follow.next_change()), (Some(&2), None));
        follow.settle(Some(&3), at(1030), there);
        follow.settle(Some(&4), at(1060), there);
        assert_eq!((follow.shown(), follow.next_change()), (Some(&2), Some(at(1180))));
        follow.settle(Some(&4), at(1180), there);
        assert_eq!((follow.shown(), follow.next_change()), (Some(&4), None));
    }

    #[test]
    fn what_is_gone_is_not_shown_on() {
        let mut follow = Follow::default();
        follow.settle(Some(&1), at(0), |_| true);
        follow.settle(Some(&2), at(10), |row| *row != 1);
        assert_eq!(follow.shown(), Some(&2));
    }
}
