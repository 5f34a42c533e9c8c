//! A pattern that somebody typed.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

/// The most bytes that a pattern may take when it is made ready.
const MOST: usize = 1 << 20;

/// A pattern; two are the same where the same was typed.
#[derive(Debug, Clone)]
pub struct Pattern {
    words: String,
    literal: bool,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// The pattern for `words`, which minds upper case only where it has some; words that are no pattern stand for
    /// themselves. `None` where nothing is asked for.
    pub fn new(words: &str) -> Option<Self> {
        let small = !words.chars().any(char::is_uppercase);
        let build = |pattern: &str| {
            let mut builder = RegexBuilder::new(pattern);
            builder.case_insensitive(small).multi_line(true).size_limit(MOST).build().ok()
        };
        if words.is_empty() {
            return None;
        }
        let pattern = build(words);
        let literal = pattern.is_none();
        let regex = pattern.or_else(|| build(&regex::escape(words)))?;
        Some(Self { words: words.to_owned(), literal, regex })
    }

    /// What was typed.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// Whether what was typed is no pattern and is looked for as it stands.
    pub const fn literal(&self) -> bool {
        self.literal
    }

    /// Whether it matches in a line that is plain.
    pub fn is_in(&self, line: &[u8]) -> bool {
        self.regex.is_match(line)
    }

    /// Where it matches in `text`, empty matches left out.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.regex.find_iter(text.as_bytes()).map(|found| found.range());
        found.filter(|range| !range.is_empty()).collect()
    }

    /// What finds it in many lines at once; `None` where only line by line tells, because it asks for the beginning or
    /// the end of all text, or sets flags of its own.
    pub(super) fn over_lines(&self) -> Option<&Regex> {
        let alone = ["\\A", "\\z", "(?"].iter().any(|sign| self.words.contains(sign));
        (!alone || self.literal).then_some(&self.regex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str, line: &str) -> bool {
        Pattern::new(words).unwrap().is_in(line.as_bytes())
    }

    #[test]
    fn upper_case_counts_only_where_some_was_typed() {
        assert!(found("two|f", "Two") && found("Two", "Two") && !found("Two", "two"));
    }

    #[test]
    fn what_is_no_pattern_stands_for_itself() {
        let pattern = Pattern::new("a(").unwrap();
        assert!(pattern.literal() && pattern.is_in(b"A(b") && !pattern.is_in(b"ab"));
        assert_eq!(Pattern::new(""), None);
    }

    #[test]
    fn matches_are_told_but_not_empty_ones() {
        assert_eq!(Pattern::new("o*").unwrap().ranges("foo bo"), [1..3, 5..6]);
        assert_eq!(Pattern::new("ü").unwrap().ranges("Grüßeü"), [2..4, 7..9]);
    }
}
