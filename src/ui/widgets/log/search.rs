//! Searching a log: which of its lines a pattern matches, kept up while the log grows.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

use super::line::Line;
use crate::store::log::Log;
use crate::ui::theme::Depth;

/// The columns of a line that are searched.
const COLUMNS: usize = 32 << 10;

/// What is searched for, and where it was found.
#[derive(Debug, Default)]
pub struct Search {
    words: String,
    pattern: Option<Regex>,
    /// Whether what was typed is a pattern; else it is searched as it stands.
    literal: bool,
    /// The lines that match, by the byte at which they begin.
    hits: Vec<u64>,
    /// The line from which on nothing was searched yet, and the log's end when that was so.
    searched: (u64, u64),
}

impl Search {
    /// What was typed.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Whether what was typed is no pattern and is searched as it stands.
    pub const fn literal(&self) -> bool {
        self.literal
    }

    /// The lines that match, by the byte at which they begin.
    pub fn hits(&self) -> &[u64] {
        &self.hits
    }

    /// Searches for `words`: a pattern, which minds upper case only where it has some.
    pub fn set(&mut self, words: &str) {
        let build = |pattern: &str| {
            let small = !words.chars().any(char::is_uppercase);
            RegexBuilder::new(pattern).case_insensitive(small).size_limit(1 << 20).build().ok()
        };
        let pattern = build(words);
        self.literal = pattern.is_none();
        self.pattern = pattern.or_else(|| build(&regex::escape(words))).filter(|_| !words.is_empty());
        words.clone_into(&mut self.words);
        self.forget();
    }

    /// Forgets what was found, for another log.
    pub fn forget(&mut self) {
        self.hits.clear();
        self.searched = (0, 0);
    }

    /// Searches what has been added to `log`.
    pub fn settle(&mut self, log: &Log) {
        let Some(pattern) = &self.pattern else { return };
        let (from, end) = self.searched;
        if end == log.end() {
            return;
        }
        let from = if end > log.end() { 0 } else { from };
        self.hits.retain(|hit| (log.missing()..from).contains(hit));
        let first = log.index(from);
        for index in first..log.lines() {
            let raw = log.line(index).unwrap_or_default();
            if pattern.is_match(&Line::new(raw, COLUMNS, Depth::None).text) {
                self.hits.extend(log.at(index));
            }
        }
        let last = log.lines().checked_sub(1).and_then(|last| log.at(last));
        self.searched = (last.unwrap_or_default(), log.end());
    }

    /// Where `text` matches.
    pub fn found(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.pattern.iter().flat_map(|pattern| pattern.find_iter(text));
        found.map(|found| found.range()).filter(|range| !range.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::Chunk;

    fn add(log: &mut Log, text: &str) {
        let from = log.end();
        log.append(&Chunk { from, bytes: text.into(), total: from + text.len() as u64, ended: false });
    }

    #[test]
    fn hits_are_kept_up_while_the_log_grows() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "one\nTwo\nthr");
        search.set("t");
        search.settle(&log);
        assert_eq!(search.hits(), [4, 8]);
        add(&mut log, "ee\nfour\ntwo\n");
        search.settle(&log);
        assert_eq!(search.hits(), [4, 8, 19]);
        search.set("Two|f");
        search.settle(&log);
        assert_eq!(search.hits(), [4, 14]);
    }

    #[test]
    fn what_is_no_pattern_is_searched_as_it_stands() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "a(b\nab\n");
        search.set("a(");
        search.settle(&log);
        assert!(search.literal());
        assert_eq!(search.hits(), [0]);
        search.set("");
        search.settle(&log);
        assert_eq!((search.hits().len(), search.found("abc")), (0, Vec::new()));
    }

    #[test]
    fn colours_do_not_hide_what_is_searched() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "er\u{1b}[31mror\u{1b}[0m\n");
        search.set("error");
        search.settle(&log);
        assert_eq!(search.hits(), [0]);
    }
}
