//! A pattern that somebody typed.

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind, Look};

/// The most bytes that a pattern may take when it is made ready.
const MOST: usize = 1 << 20;

/// A pattern; two are the same where the same was typed.
#[derive(Debug, Clone)]
pub struct Pattern {
    words: String,
    literal: bool,
    regex: Regex,
    /// What is found in every line in which the pattern is, and in some others, but faster.
    hint: Option<Regex>,
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
        let hint = if literal { None } else { without_edges(words, small).and_then(|hint| build(&hint)) };
        let regex = pattern.or_else(|| build(&regex::escape(words)))?;
        Some(Self { words: words.to_owned(), literal, regex, hint })
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

    /// What finds it in many lines at once, and whether what it finds has to be looked at again by itself; `None` where only
    /// line by line tells, because the pattern asks for the beginning or the end of all text, or sets flags of its own.
    pub(super) fn over_lines(&self) -> Option<(&Regex, bool)> {
        let alone = ["\\A", "\\z", "(?"].iter().any(|sign| self.words.contains(sign));
        (!alone || self.literal).then(|| (self.hint.as_ref().unwrap_or(&self.regex), self.hint.is_some()))
    }
}

/// The pattern `words` without its edges of words, which are what makes text that is not ASCII slow to look through; `None`
/// where it has none, or nothing else.
fn without_edges(words: &str, small: bool) -> Option<String> {
    let hir = ParserBuilder::new().case_insensitive(small).multi_line(true).build().parse(words).ok()?;
    let edges = [Look::WordUnicode, Look::WordUnicodeNegate, Look::WordStartUnicode, Look::WordEndUnicode];
    let looks = hir.properties().look_set();
    let some = edges.into_iter().any(|edge| looks.contains(edge)) && hir.properties().minimum_len() > Some(0);
    some.then(|| bare(&hir).to_string())
}

fn bare(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(look) if !matches!(look, Look::StartLF | Look::EndLF) => Hir::empty(),
        HirKind::Capture(capture) => bare(&capture.sub),
        HirKind::Repetition(repetition) => Hir::repetition(repetition.with(bare(&repetition.sub))),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(bare).collect()),
        HirKind::Alternation(ways) => Hir::alternation(ways.iter().map(bare).collect()),
        _ => hir.clone(),
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
    fn edges_of_words_are_looked_at_only_where_the_rest_is() {
        let bare = |words| without_edges(words, false);
        assert_eq!(bare("(two|three)\\b\\d*x"), without_edges("(two|three)\\d*\\bx", false));
        assert_eq!(bare("two\\b[0-9]*").as_deref(), Some("(?:(?:two)[0-9]*)"));
        assert_eq!([bare("two|three$"), bare("\\b"), bare("a("), bare("\\b(x|)\\b")], [const { None }; 4]);
        let over = |words| Pattern::new(words).unwrap().over_lines().map(|(_, again)| again);
        assert_eq!([over("\\btwo"), over("two"), over("\\Atwo")], [Some(true), Some(false), None]);
    }

    #[test]
    fn matches_are_told_but_not_empty_ones() {
        assert_eq!(Pattern::new("o*").unwrap().ranges("foo bo"), [1..3, 5..6]);
        assert_eq!(Pattern::new("ü").unwrap().ranges("Grüßeü"), [2..4, 7..9]);
    }
}
