//! Where in a log the lines are that are looked for: kept up with what is loaded, and for what is not with what was found
//! at its source. Positions are the bytes at which lines begin.

use crate::domain::log::LogKey;
use crate::domain::sought::{Seek, Sought, Step};
use crate::store::log::Log;
use crate::ui::command::Direction;

/// The most lines that are kept.
pub const MOST: usize = 100_000;

/// What is known of where the lines are.
#[derive(Debug, Default)]
pub struct Finder {
    /// The lines before `to`, in order.
    hits: Vec<u64>,
    /// All before this byte was looked through.
    to: u64,
    /// Whether `to` lies in a line whose beginning was looked through.
    inside: bool,
    /// The lines from `to` on in what is loaded.
    ahead: Vec<u64>,
    /// Of what is loaded while there is a gap before it: from which line on nothing was looked through yet, and where it
    /// began and ended when that was so.
    looked: (u64, u64, u64),
    /// How long the log was when its end was reached at its source, and whether it was to grow no more.
    seen: Option<(u64, bool)>,
    /// Whether the source failed.
    failed: bool,
}

/// Where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// There.
    At(u64),
    /// There, round an end of the log.
    Round(u64),
    /// There is no such line, as far as can be told.
    Nowhere,
    /// It is not known yet.
    Later,
}

/// Which line is gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The first of the log.
    First,
    /// The first from a byte on, else one that is near.
    Near(u64),
    /// The next from a byte on, or the one before it.
    From(u64, Direction),
}

impl Finder {
    /// Takes in what is loaded now.
    pub fn settle(&mut self, what: &Sought, log: &Log) {
        if log.total() < self.to {
            *self = Self::default();
        }
        if self.reaches(log) {
            self.go_on(what, log);
        } else {
            self.look_ahead(what, log);
        }
    }

    /// Whether there is no gap between what was looked through and what is loaded.
    const fn reaches(&self, log: &Log) -> bool {
        self.to >= log.missing()
    }

    /// Goes on from `to` in what is loaded. The last line may go on, so that it is looked at anew each time.
    fn go_on(&mut self, what: &Sought, log: &Log) {
        self.looked = (0, 0, 0);
        self.ahead.clear();
        let Some(last) = log.lines().checked_sub(1).filter(|_| self.to <= log.end()) else { return };
        let first = log.index(self.to);
        let first = first + usize::from(log.at(first) < Some(self.to));
        for index in first..=last {
            let (Some(at), Some(line)) = (log.at(index), log.line(index)) else { break };
            let hit = what.is_in(line);
            if index == last {
                self.ahead.extend(hit.then_some(at));
            } else if hit && self.full() {
                break;
            } else {
                self.hits.extend(hit.then_some(at));
            }
            (self.to, self.inside) = (at, false);
        }
    }

    /// Looks at what is loaded while there is a gap before it.
    fn look_ahead(&mut self, what: &Sought, log: &Log) {
        let (from, began, ended) = self.looked;
        if (began, ended) == (log.missing(), log.end()) {
            return;
        }
        let from = if began <= log.missing() && ended <= log.end() { from } else { 0 };
        self.ahead.retain(|hit| (log.missing()..from).contains(hit));
        for index in log.index(from)..log.lines() {
            if self.ahead.len() < MOST && log.line(index).is_some_and(|line| what.is_in(line)) {
                self.ahead.extend(log.at(index));
            }
        }
        let last = log.lines().checked_sub(1).and_then(|last| log.at(last));
        self.looked = (last.unwrap_or_default(), log.missing(), log.end());
    }

    /// What of the log is to be looked through at its source; nothing where all that can be known is known.
    pub fn wants(&self, key: &LogKey, what: &Sought, log: &Log) -> Option<Seek> {
        self.lacks(log).then(|| Seek {
            log: key.clone(),
            what: what.clone(),
            from: self.to,
            inside: self.inside,
            one: *what == Sought::Errors,
            room: MOST - self.hits.len(),
        })
    }

    /// Whether something of the log is still to be looked through.
    pub fn lacks(&self, log: &Log) -> bool {
        let here = self.reaches(log) && log.end() >= log.total();
        let more = self.seen.is_none_or(|(total, closed)| log.total() > total || log.closed() && !closed);
        !here && more && self.to < log.total() && !self.full() && !self.failed
    }

    /// Takes in what was found at the source, or that it failed; whether that was asked for.
    pub fn take(&mut self, seek: &Seek, step: Option<&Step>, log: &Log) -> bool {
        if (seek.from, seek.inside) != (self.to, self.inside) {
            return false;
        }
        let Some(step) = step else {
            self.failed = true;
            return true;
        };
        self.hits.extend(&step.hits);
        (self.to, self.inside) = (step.to, step.inside);
        self.ahead.retain(|hit| *hit >= step.to);
        if step.end {
            self.seen = Some((step.total.max(log.total()), step.ended));
        }
        true
    }

    /// Asks a source again that failed.
    pub const fn retry(&mut self) {
        self.failed = false;
    }

    /// Whether more lines than are kept may be there.
    pub const fn full(&self) -> bool {
        self.hits.len() >= MOST
    }

    /// Whether the source failed, so that not all was looked through.
    pub const fn failed(&self) -> bool {
        self.failed
    }

    /// How many lines are known.
    pub const fn count(&self) -> usize {
        self.hits.len() + self.ahead.len()
    }

    /// The place among them of the line that begins at `at`.
    pub fn place(&self, at: u64) -> Option<usize> {
        let ahead = || self.ahead.binary_search(&at).ok().map(|place| self.hits.len() + place);
        self.hits.binary_search(&at).ok().or_else(ahead)
    }

    /// How much of the log was looked through, in percent.
    pub const fn percent(&self, log: &Log) -> u64 {
        match (self.to.saturating_mul(100)).checked_div(log.total()) {
            Some(percent) if percent < 100 => percent,
            _ => 100,
        }
    }

    /// Where to go.
    pub fn answer(&self, way: Way, log: &Log) -> Answer {
        let (found, sure) = match way {
            Way::First => self.forwards(0, log),
            Way::Near(at) => {
                let (found, sure) = self.forwards(at, log);
                (found.or_else(|| self.ahead.last().copied()), sure)
            }
            Way::From(at, Direction::Next) => self.forwards(at.saturating_add(1), log),
            Way::From(at, Direction::Previous) => {
                let found = self.before(at);
                let loaded = found >= Some(log.missing()) || self.reaches(log);
                (found, at <= self.to || loaded && at <= log.end())
            }
        };
        let lacks = self.lacks(log);
        match found {
            Some(at) if sure || !lacks => Answer::At(at),
            _ if lacks => Answer::Later,
            _ => self.round(way),
        }
    }

    /// The first of the lines that begin at `at` or later, and whether there can be none before it.
    fn forwards(&self, at: u64, log: &Log) -> (Option<u64>, bool) {
        let found = self.after(at);
        (found, found.is_some_and(|line| line < self.to) || at >= log.missing() || self.reaches(log))
    }

    /// Where a way goes on that came to an end of the log.
    fn round(&self, way: Way) -> Answer {
        let (first, last) = (self.after(0), self.before(u64::MAX));
        match way {
            Way::First => Answer::Nowhere,
            Way::Near(_) => last.map_or(Answer::Nowhere, Answer::At),
            Way::From(_, Direction::Next) => first.map_or(Answer::Nowhere, Answer::Round),
            Way::From(_, Direction::Previous) => last.map_or(Answer::Nowhere, Answer::Round),
        }
    }

    /// The first of the lines that begin at `at` or later.
    fn after(&self, at: u64) -> Option<u64> {
        let first = |lines: &[u64]| lines.get(lines.partition_point(|line| *line < at)).copied();
        first(&self.hits).or_else(|| first(&self.ahead))
    }

    /// The last of the lines that begin before `at`.
    fn before(&self, at: u64) -> Option<u64> {
        let last = |lines: &[u64]| lines[..lines.partition_point(|line| *line < at)].last().copied();
        last(&self.ahead).or_else(|| last(&self.hits))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::ids::{JobName, RunKey};
    use crate::domain::log::Chunk;
    use crate::domain::sought::{Pattern, Scan};

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn key() -> LogKey {
        LogKey { run: RunKey { service: "search".into(), id: "92".into() }, job: JobName::new("e2e") }
    }

    /// A hundred lines of ten bytes, every tenth a hit.
    fn whole() -> String {
        let line = |line| format!("{} {line:>6}\n", if line % 10 == 5 { "hi" } else { "--" });
        (0..100).map(line).collect()
    }

    fn loaded(from: usize, to: usize, ended: bool) -> Log {
        let mut log = Log::default();
        let bytes = whole().as_bytes()[from..to].to_vec();
        log.append(&Chunk { from: from as u64, bytes, total: 1000, ended }, AT);
        log
    }

    fn what() -> Sought {
        Sought::Pattern(Pattern::new("hi").unwrap())
    }

    /// Takes what is wanted at the source, at most `most` bytes of it; whether something was.
    fn step(finder: &mut Finder, log: &Log, most: usize) -> bool {
        let Some(seek) = finder.wants(&key(), &what(), log) else { return false };
        let mut scan = Scan::new(&seek);
        let from = usize::try_from(seek.from).unwrap();
        scan.take(&whole().as_bytes()[from..1000.min(from + most)]);
        assert!(finder.take(&seek, Some(&scan.finish(1000, true)), log));
        finder.settle(&what(), log);
        true
    }

    fn next(finder: &Finder, at: u64, log: &Log) -> Answer {
        finder.answer(Way::From(at, Direction::Next), log)
    }

    fn before(finder: &Finder, at: u64, log: &Log) -> Answer {
        finder.answer(Way::From(at, Direction::Previous), log)
    }

    #[test]
    fn of_what_is_all_loaded_nothing_is_asked_at_the_source() {
        let (log, mut finder) = (loaded(0, 1000, true), Finder::default());
        finder.settle(&what(), &log);
        assert!(!finder.lacks(&log) && finder.count() == 10);
        assert_eq!(
            [49, 50, 950].map(|at| next(&finder, at, &log)),
            [Answer::At(50), Answer::At(150), Answer::Round(50)]
        );
        assert_eq!(
            [51, 50, 0].map(|at| before(&finder, at, &log)),
            [Answer::At(50), Answer::Round(950), Answer::Round(950)]
        );
        assert_eq!(finder.answer(Way::First, &log), Answer::At(50));
        assert_eq!((finder.place(950), finder.place(940)), (Some(9), None));
    }

    #[test]
    fn what_is_not_loaded_is_looked_through_at_the_source_and_nothing_is_claimed_before() {
        let (log, mut finder) = (loaded(600, 700, false), Finder::default());
        finder.settle(&what(), &log);
        assert_eq!(finder.count(), 1);
        assert_eq!((next(&finder, 610, &log), before(&finder, 690, &log)), (Answer::At(650), Answer::At(650)));
        assert_eq!((next(&finder, 650, &log), before(&finder, 650, &log)), (Answer::Later, Answer::Later));
        assert_eq!(finder.answer(Way::First, &log), Answer::Later);
        assert!(step(&mut finder, &log, 300));
        assert_eq!((finder.count(), finder.percent(&log)), (4, 30));
        assert_eq!(finder.answer(Way::First, &log), Answer::At(50));
        assert_eq!(before(&finder, 650, &log), Answer::Later, "there may be one between");
        assert_eq!((next(&finder, 60, &log), next(&finder, 260, &log)), (Answer::At(150), Answer::Later));
        assert!(step(&mut finder, &log, 300));
        assert_eq!((before(&finder, 650, &log), next(&finder, 650, &log)), (Answer::At(550), Answer::Later));
        while step(&mut finder, &log, 100) {}
        assert_eq!(
            (finder.count(), next(&finder, 650, &log), next(&finder, 950, &log)),
            (10, Answer::At(750), Answer::Round(50))
        );
    }

    #[test]
    fn what_falls_out_at_the_front_stays_known_and_is_not_read_again() {
        let (mut log, mut finder) = (Log::default(), Finder::default());
        let line = format!("hi {}\n", "x".repeat(996));
        for at in 0..6000 {
            log.append(
                &Chunk { from: at * 1000, bytes: line.clone().into(), total: (at + 1) * 1000, ended: false },
                AT,
            );
            finder.settle(&what(), &log);
            assert!(!finder.lacks(&log), "at {at}");
        }
        assert!(log.missing() > 0 && finder.count() == 6000);
    }

    #[test]
    fn what_comes_for_another_place_is_not_taken_and_a_source_that_fails_is_not_asked_on() {
        let (log, mut finder) = (loaded(600, 700, false), Finder::default());
        let seek = finder.wants(&key(), &what(), &log).unwrap();
        step(&mut finder, &log, 300);
        assert!(!finder.take(&seek, Some(&Step { hits: vec![1], to: 100, ..Step::default() }), &log));
        assert_eq!(finder.count(), 4);
        let seek = finder.wants(&key(), &what(), &log).unwrap();
        assert!(finder.take(&seek, None, &log) && !finder.lacks(&log) && finder.failed());
        finder.retry();
        assert!(finder.lacks(&log));
    }

    #[test]
    fn a_log_that_begins_anew_is_looked_through_anew() {
        let (log, mut finder) = (loaded(0, 1000, true), Finder::default());
        finder.settle(&what(), &log);
        let mut log = Log::default();
        log.append(&Chunk { from: 0, bytes: b"hi\nhi\n".to_vec(), total: 6, ended: true }, AT);
        finder.settle(&what(), &log);
        assert_eq!((finder.count(), finder.answer(Way::First, &log)), (2, Answer::At(0)));
    }
}
