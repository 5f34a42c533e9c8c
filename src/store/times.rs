//! When the lines of a log were written, as far as its source told.

use jiff::Timestamp;

use crate::domain::log::{self, Mark};

/// The most marks that are kept of one log.
const MOST: usize = 50_000;

/// What is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Times {
    /// In order.
    marks: Vec<Mark>,
    /// How long the log was when they were told.
    told: Option<u64>,
    /// Whether the source has none.
    none: bool,
}

impl Times {
    /// Takes in what a source told; whether that is new.
    pub fn take(&mut self, times: &log::Times) -> bool {
        let before = (self.marks.len(), self.none);
        self.told = self.told.max(Some(times.total));
        match &times.marks {
            Some(marks) => marks.iter().for_each(|mark| self.add(*mark)),
            None => self.none = true,
        }
        before != (self.marks.len(), self.none)
    }

    /// Marks stand in order, each once.
    fn add(&mut self, mark: Mark) {
        if self.marks.len() < MOST && self.marks.last().is_none_or(|last| last.byte < mark.byte) {
            self.marks.push(mark);
        }
    }

    /// When the line that begins at `byte` was written.
    pub fn at(&self, byte: u64) -> Option<Timestamp> {
        let next = self.marks.partition_point(|mark| mark.byte <= byte);
        self.marks[..next].last().map(|mark| mark.at)
    }

    /// When the log began.
    pub fn begin(&self) -> Option<Timestamp> {
        self.marks.first().map(|mark| mark.at)
    }

    /// Whether the source tells none.
    pub const fn none(&self) -> bool {
        self.none
    }

    /// Whether some are known.
    pub const fn known(&self) -> bool {
        !self.marks.is_empty()
    }

    /// The byte from which on more is to be asked of a log that is `total` bytes long now.
    pub fn wants(&self, total: u64) -> Option<u64> {
        let more = !self.none && self.told.is_none_or(|told| told < total) && self.marks.len() < MOST;
        more.then(|| self.marks.last().map_or(0, |last| last.byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(marks: &[(u64, i64)], total: u64) -> log::Times {
        let mark = |(byte, second): &(u64, i64)| Mark { byte: *byte, at: Timestamp::from_second(*second).unwrap() };
        log::Times { marks: Some(marks.iter().map(mark).collect()), total }
    }

    #[test]
    fn a_line_has_the_time_of_the_last_mark_before_it() {
        let mut times = Times::default();
        assert_eq!(times.wants(0), Some(0));
        assert!(times.take(&told(&[(0, 5), (100, 9)], 150)));
        let at = |byte| times.at(byte).map(Timestamp::as_second);
        assert_eq!([0, 99, 100, 999].map(at), [5, 5, 9, 9].map(Some));
        assert_eq!(Times::default().at(3), None);
    }

    #[test]
    fn more_is_asked_for_while_the_log_grows_and_not_of_a_source_without_times() {
        let mut times = Times::default();
        times.take(&told(&[(0, 5), (100, 9)], 150));
        assert_eq!((times.wants(150), times.wants(151)), (None, Some(100)));
        assert!(times.take(&told(&[(100, 9), (160, 12)], 170)));
        assert!(!times.take(&told(&[(0, 5)], 150)), "what comes late is known");
        assert_eq!((times.wants(170), times.at(165).map(Timestamp::as_second)), (None, Some(12)));
        let mut times = Times::default();
        assert!(times.take(&log::Times { marks: None, total: 0 }));
        assert!(times.none() && times.wants(9).is_none());
    }
}
