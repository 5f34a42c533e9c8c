//! The past: how long deeds took until their end was seen, as the journal tells.

use std::collections::BTreeMap;
use std::time::Duration;

/// The most times that are kept of one deed on one target: the newest.
const MOST: usize = 50;

/// One deed that reached its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Took {
    /// Which deed, as the journal names it.
    pub action: String,
    /// On what.
    pub target: String,
    /// How long it took.
    pub took: Duration,
}

/// How long deeds took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    took: BTreeMap<(String, String), Vec<Duration>>,
}

impl Past {
    /// Takes note of a deed that reached its end.
    pub fn note(&mut self, deed: Took) {
        let times = self.took.entry((deed.action, deed.target)).or_default();
        times.push(deed.took);
        if times.len() > MOST {
            times.remove(0);
        }
    }

    /// How long `action` took on `target`, in the middle, and how often it was done; on any target, without one.
    pub fn took(&self, action: &str, target: Option<&str>) -> Option<(Duration, usize)> {
        let here = |(known, on): &(String, String)| known == action && target.is_none_or(|target| on == target);
        let mut times: Vec<_> = self.took.iter().filter(|(deed, _)| here(deed)).flat_map(|(_, took)| took).collect();
        times.sort_unstable();
        Some((**times.get(times.len() / 2)?, times.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_what_it_took_there_or_anywhere() {
        let mut past = Past::default();
        for (target, seconds) in [("a/prod", 9), ("a/prod", 2), ("a/prod", 3), ("b/prod", 60)] {
            let (action, target) = ("rollback".to_owned(), target.to_owned());
            past.note(Took { action, target, took: Duration::from_secs(seconds) });
        }
        assert_eq!(past.took("rollback", Some("a/prod")), Some((Duration::from_secs(3), 3)));
        assert_eq!(past.took("rollback", Some("c/prod")), None);
        assert_eq!(past.took("rollback", None), Some((Duration::from_secs(9), 4)));
        assert_eq!(past.took("flip", None), None);
    }

    #[test]
    fn only_the_newest_times_count() {
        let mut past = Past::default();
        for seconds in 0..1000 {
            let (action, target) = ("flip".to_owned(), "a/prod".to_owned());
            past.note(Took { action, target, took: Duration::from_secs(seconds) });
        }
        assert_eq!(past.took("flip", None), Some((Duration::from_secs(975), 50)));
    }
}
