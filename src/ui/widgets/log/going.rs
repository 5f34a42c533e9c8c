//! Going to what is looked for in a log: hits of the search and lines that tell of an error, also where they are not
//! loaded, and once they are found where that takes a while.

use super::finder::{Answer, Finder, Way};
use super::{Depth, Line, Tail};
use crate::domain::log::LogKey;
use crate::domain::sought::{Seek, Sought, Step};
use crate::store::log::Log;
use crate::ui::command::Direction;

/// The most columns of a line that are copied.
const COPIED: usize = 16 << 10;

/// What is gone to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// A hit of the search.
    Hit,
    /// A line that tells of an error.
    Error,
}

/// Where one goes once it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    which: Which,
    way: Way,
}

impl Goal {
    /// What is said where there is no such line, as far as is known.
    const fn missed(self, finder: &Finder) -> &'static str {
        match (self.which, finder.failed() || finder.full()) {
            (Which::Hit, false) => "no line of the log matches",
            (Which::Hit, true) => "no line matches in what was searched",
            (Which::Error, false) => "no line of the log tells of an error",
            (Which::Error, true) => "no line of what was searched tells of an error",
        }
    }
}

impl Tail {
    /// Searches for `words`, and goes to the first hit from here on.
    pub fn search(&mut self, words: &str, log: Option<&Log>) {
        (self.goal, self.lead) = (None, false);
        self.search.set(words);
        if let Some(log) = log.filter(|_| !words.is_empty()) {
            self.search.settle(log);
            // While it is typed, nothing is said of what is not there.
            let _ = self.pursue(Goal { which: Which::Hit, way: Way::Near(self.top.min(self.at)) }, log);
        }
    }

    /// Goes to the next hit or the one before, round the ends; says what there is to say.
    pub fn hit(&mut self, direction: Direction, log: &Log) -> Option<&'static str> {
        if self.search.what().is_none() {
            return Some("nothing is searched for: / searches");
        }
        self.search.finder.retry();
        self.pursue(Goal { which: Which::Hit, way: Way::From(self.at, direction) }, log)
    }

    /// Goes to the first line of the log that tells of an error; says what there is to say.
    pub fn first_error(&mut self, log: &Log) -> Option<&'static str> {
        self.look_for_error(Way::First, log)
    }

    /// Goes to the next line that tells of an error or the one before, round the ends; says what there is to say.
    pub fn error(&mut self, direction: Direction, log: &Log) -> Option<&'static str> {
        let from = if self.follow { log.end() } else { self.at };
        self.look_for_error(Way::From(from, direction), log)
    }

    fn look_for_error(&mut self, way: Way, log: &Log) -> Option<&'static str> {
        self.errors.retry();
        self.errors.settle(&Sought::Errors, log);
        self.pursue(Goal { which: Which::Error, way }, log)
    }

    /// Goes where `goal` leads, at once or when it is found; says what there is to say.
    fn pursue(&mut self, goal: Goal, log: &Log) -> Option<&'static str> {
        let finder = self.finder(goal.which);
        let answer = finder.answer(goal.way, log);
        let missed = goal.missed(finder);
        self.goal = (answer == Answer::Later).then_some(goal);
        match answer {
            Answer::Later => None,
            Answer::Nowhere => Some(missed),
            Answer::At(at) => {
                self.reach(at, goal.which, log);
                None
            }
            Answer::Round(at) => {
                self.reach(at, goal.which, log);
                let back = matches!(goal.way, Way::From(_, Direction::Previous));
                Some(if back { "on from the end" } else { "on from the beginning" })
            }
        }
    }

    /// Goes to the line at `at`, loaded or not. What leads to an error is shown with it, and more of what comes of it.
    fn reach(&mut self, at: u64, which: Which, log: &Log) {
        (self.follow, self.at, self.back) = (false, at, 0);
        self.lead = which == Which::Error || self.away(log);
    }

    const fn finder(&self, which: Which) -> &Finder {
        match which {
            Which::Hit => &self.search.finder,
            Which::Error => &self.errors,
        }
    }

    /// What of the log is to be looked through at its source: all of it for a search; for an error as far as to where
    /// one goes.
    pub fn seeks(&self, key: &LogKey, log: &Log) -> Option<Seek> {
        let to_error = self.goal.is_some_and(|goal| goal.which == Which::Error);
        let error = to_error.then(|| self.errors.wants(key, &Sought::Errors, log)).flatten();
        error.or_else(|| self.search.finder.wants(key, self.search.what()?, log))
    }

    /// Takes in what was found at the source, or that it failed. What nobody looks for any more changes nothing. Says
    /// what there is to say.
    pub fn sought(&mut self, seek: &Seek, step: Option<&Step>, log: &Log) -> Option<&'static str> {
        let (which, finder) = match &seek.what {
            Sought::Errors => (Which::Error, &mut self.errors),
            what if self.search.what() == Some(what) => (Which::Hit, &mut self.search.finder),
            Sought::Pattern(_) => return None,
        };
        if !finder.take(seek, step, log) {
            return None;
        }
        finder.settle(&seek.what, log);
        let goal = self.goal.filter(|goal| goal.which == which)?;
        self.pursue(goal, log)
    }

    /// Gives up going to an error that is not found yet; whether one was on the way.
    pub fn give_up(&mut self) -> bool {
        self.goal.take_if(|goal| goal.which == Which::Error).is_some()
    }

    /// What there is to say of the search and of the way to an error.
    pub fn says(&self, log: &Log) -> Option<String> {
        match self.goal {
            Some(Goal { which: Which::Error, .. }) => {
                Some(format!("looking for an error, {} %", self.errors.percent(log)))
            }
            _ => self.search.says(self.at, log),
        }
    }

    /// The line one is on, as text.
    pub fn current(&self, log: &Log) -> Option<String> {
        let raw = log.line(log.index(self.at))?;
        Some(Line::new(raw, COPIED, Depth::None).text)
    }
}
