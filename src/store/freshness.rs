//! Freshness: whether a value is older than its schedule allows, and how its age is told.

use std::time::Duration;

use jiff::Timestamp;

use super::Store;
use crate::clock::since;
use crate::domain::ids::SourceName;
use crate::domain::topology::Pace;

/// A value counts as seen within its schedule up to this many paces of its source; one lost answer is no alarm.
const PACES: u32 = 3;
/// However short the pace, nothing is called stale before this.
const LEAST: Duration = Duration::from_secs(5);

impl Store {
    /// The age of a value of `source` that was true at `at`, if it is past due; stepped, so that it changes seldom.
    pub fn overdue(&self, source: &SourceName, at: Timestamp, now: Timestamp) -> Option<Age> {
        let age = since(at, now);
        (age > due(self.pace(source))).then(|| Age::step(age))
    }

    /// When a value of `source` that was true at `at` will be past due, unless it is seen again.
    pub fn due_at(&self, source: &SourceName, at: Timestamp) -> Timestamp {
        at.saturating_add(jiff::SignedDuration::try_from(due(self.pace(source))).unwrap_or_default()).unwrap_or(at)
    }

    fn pace(&self, source: &SourceName) -> Pace {
        self.topology.sources.iter().find(|known| known.name == *source).map_or(Pace::HOSTED, |known| known.pace)
    }
}

fn due(pace: Pace) -> Duration {
    (pace.hidden * PACES).max(LEAST)
}

/// An age in the steps in which it is shown: 5 s, 15 s, 1 m, 2 m, 5 m, 15 m, 1 h and on by hours and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Age(Duration);

impl Age {
    const STEPS: [u64; 9] = [5, 15, 30, 60, 120, 300, 900, 1800, 3600];

    /// The step that `age` has reached.
    pub fn step(age: Duration) -> Self {
        let s = age.as_secs();
        let stepped = match s {
            0..=4 => 0,
            5..7200 => Self::STEPS.into_iter().rfind(|step| *step <= s).unwrap_or(5),
            7200..86400 => s - s % 3600,
            _ => s - s % 86400,
        };
        Self(Duration::from_secs(stepped))
    }

    /// When a value that was true at `at` reaches its next step after `now`.
    pub fn next_change(at: Timestamp, now: Timestamp) -> Timestamp {
        let s = since(at, now).as_secs();
        let next = match s {
            0..7200 => Self::STEPS.into_iter().find(|step| *step > s).unwrap_or(7200),
            7200..86400 => s - s % 3600 + 3600,
            _ => s - s % 86400 + 86400,
        };
        at.saturating_add(jiff::SignedDuration::from_secs(i64::try_from(next).unwrap_or(i64::MAX))).unwrap_or(now)
    }
}

impl std::fmt::Display for Age {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let s = self.0.as_secs();
        let text = match s {
            0..60 => format!("{s} s"),
            60..3600 => format!("{} m", s / 60),
            3600..86400 => format!("{} h", s / 3600),
            _ => format!("{} d", s / 86400),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_step() {
        let told = [3, 8, 59, 61, 119, 299, 301, 3599, 3601, 7300, 90_000]
            .map(|s| Age::step(Duration::from_secs(s)).to_string());
        assert_eq!(told, ["0 s", "5 s", "30 s", "1 m", "1 m", "2 m", "5 m", "30 m", "1 h", "2 h", "1 d"]);
    }

    #[test]
    fn the_next_change_is_the_next_step() {
        let at = Timestamp::UNIX_EPOCH;
        for s in [0, 5, 14, 61, 3600, 7199, 7200, 90_000] {
            let now = Timestamp::from_second(s).unwrap();
            let next = Age::next_change(at, now);
            assert!(next > now);
            assert_ne!(Age::step(since(at, next)), Age::step(since(at, now)), "{s}");
        }
    }
}
