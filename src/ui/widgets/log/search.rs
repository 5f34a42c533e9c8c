//! What somebody searches a log for, and where it is.

use std::ops::Range;

use super::finder::Finder;
use crate::domain::sought::{Pattern, Sought};
use crate::domain::text::visible;
use crate::store::log::Log;
use crate::ui::format;

/// What is searched for, and where it was found.
#[derive(Debug, Default)]
pub struct Search {
    words: String,
    what: Option<Sought>,
    /// The lines that match.
    pub finder: Finder,
}

impl Search {
    /// What was typed.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// What is searched for.
    pub const fn what(&self) -> Option<&Sought> {
        self.what.as_ref()
    }

    fn pattern(&self) -> Option<&Pattern> {
        match &self.what {
            Some(Sought::Pattern(pattern)) => Some(pattern),
            _ => None,
        }
    }

    /// Searches for `words`; what was found for the same words stays.
    pub fn set(&mut self, words: &str) {
        if words != self.words {
            self.what = Pattern::new(words).map(Sought::Pattern);
            words.clone_into(&mut self.words);
            self.forget();
        }
    }

    /// Forgets what was found, for another log.
    pub fn forget(&mut self) {
        self.finder = Finder::default();
    }

    /// Searches what has been added to `log`.
    pub fn settle(&mut self, log: &Log) {
        if let Some(what) = &self.what {
            self.finder.settle(what, log);
        }
    }

    /// Where `text` matches.
    pub fn found(&self, text: &str) -> Vec<Range<usize>> {
        self.pattern().map(|pattern| pattern.ranges(text)).unwrap_or_default()
    }

    /// What there is to say of it to who is on the line at `at`: `/e2e 3 of 17 lines`, and how far it is.
    pub fn says(&self, at: u64, log: &Log) -> Option<String> {
        let (finder, pattern) = (&self.finder, self.pattern()?);
        let how = if pattern.literal() { " as it stands" } else { "" };
        let words = format!("/{}{how} ", visible(&self.words));
        let (count, percent) = (finder.count() as u64, finder.percent(log));
        if finder.lacks(log) {
            return Some(format!("{words} searching {percent} %, {}", format::plural(count, "line")));
        }
        let place = finder.place(at).map(|place| format!("{} of ", place + 1));
        let place = place.unwrap_or_default();
        Some(if finder.full() {
            format!("{words} {place}{count}+ lines, searched up to {percent} %")
        } else if finder.failed() {
            format!("{words} {place}{}, searched up to {percent} %", format::plural(count, "line"))
        } else {
            format!("{words} {place}{}", format::plural(count, "line"))
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::log::Chunk;

    fn add(log: &mut Log, text: &str) {
        let (from, at) = (log.end(), Timestamp::UNIX_EPOCH);
        log.append(&Chunk { from, bytes: text.into(), total: from + text.len() as u64, ended: false }, at);
    }

    fn says(search: &mut Search, words: &str, log: &Log) -> String {
        search.set(words);
        search.settle(log);
        search.says(8, log).unwrap()
    }

    #[test]
    fn hits_are_kept_up_while_the_log_grows() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "one\nTwo\nthr");
        assert_eq!(says(&mut search, "t", &log), "/t  2 of 2 lines");
        add(&mut log, "ee\nfour\ntwo\n");
        assert_eq!(says(&mut search, "t", &log), "/t  2 of 3 lines");
        assert_eq!(says(&mut search, "Two|f", &log), "/Two|f  2 lines");
    }

    #[test]
    fn what_is_no_pattern_is_searched_as_it_stands() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "a(b\nab\n");
        assert_eq!(says(&mut search, "a(", &log), "/a( as it stands  1 line");
        search.set("");
        assert_eq!((search.says(0, &log), search.found("abc")), (None, Vec::new()));
    }

    #[test]
    fn colours_do_not_hide_what_is_searched() {
        let (mut log, mut search) = (Log::default(), Search::default());
        add(&mut log, "er\u{1b}[31mror\u{1b}[0m\n");
        assert_eq!(says(&mut search, "error", &log), "/error  1 line");
    }
}
