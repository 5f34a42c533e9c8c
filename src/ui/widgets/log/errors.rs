//! Errors in a log: which of its lines tell of one, and where the nearest of them is.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::line::Line;
use crate::store::log::Log;
use crate::ui::command::Direction;
use crate::ui::theme::Depth;

/// How much of a line is looked at, in bytes.
const LOOKED_AT: usize = 4 << 10;

/// What tells of an error: one of these words by itself, in any case (so also `##[error]`), the name of an error or an
/// exception (`TypeError`), or a cross.
static ERROR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "error|errors|fail|failed|failure|failures|fatal|panic|panicked|exception|traceback|not ok";
    Regex::new(&format!(r"(?-u:\b)(?i:{words})(?-u:\b)|(?-u:\w+)(?:Error|Exception)(?-u:\b)|[✗✘]")).ok()
});

/// Whether a line, raw, tells of an error.
pub fn tells(raw: &[u8]) -> bool {
    let raw = &raw[..raw.len().min(LOOKED_AT)];
    let text = if raw.contains(&0x1b) {
        Cow::Owned(Line::new(raw, LOOKED_AT, Depth::None).text)
    } else {
        String::from_utf8_lossy(raw)
    };
    found(&text)
}

/// Whether `text` has a sign of an error that is not one of none (`0 failed`, `no errors`, `errors: 0`).
fn found(text: &str) -> bool {
    let Some(pattern) = &*ERROR else { return false };
    pattern.find_iter(text).any(|found| {
        let before = text[..found.start()].trim_end();
        let none = [" 0", " no", "(0", "without"].iter().any(|none| before.ends_with(none)) || before == "0";
        let after = text[found.end()..].trim_start_matches([':', '=', ' ']);
        let counted = after.starts_with('0') && !after[1..].starts_with(|c: char| c.is_alphanumeric() || c == '.');
        !none && !counted && !before.eq_ignore_ascii_case("no")
    })
}

/// The first line of what is loaded that tells of an error.
pub fn first(log: &Log) -> Option<usize> {
    (0..log.lines()).find(|index| here(log, *index))
}

/// The next line after `at` that tells of an error or the one before it, round the ends.
pub fn beside(log: &Log, at: usize, direction: Direction) -> Option<usize> {
    let lines = log.lines();
    let here = |index: &usize| here(log, *index);
    match direction {
        Direction::Next => (at + 1..lines).chain(0..lines.min(at + 1)).find(here),
        Direction::Previous => (0..at).rev().chain((at..lines).rev()).find(here),
    }
}

fn here(log: &Log, index: usize) -> bool {
    log.line(index).is_some_and(tells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::log::Chunk;

    #[test]
    fn an_error_is_one_and_none_is_none() {
        let told = [
            "error[E0308]: mismatched",
            "FAILED tests/x",
            "TypeError: x",
            "2 failed",
            "thread panicked at",
            "not ok 3",
            "##[error]Process completed with exit code 1.",
            "  ✗ opens the basket",
            "Grüße: fatal",
            "er\u{1b}[31mror\u{1b}[0m",
        ];
        for line in told {
            assert!(tells(line.as_bytes()), "{line}");
        }
        let none = [
            "12 passed, 0 failed",
            "no errors",
            "errors: 0",
            "0 errors",
            "terror",
            "failures=0",
            "found no error",
            "0 ✗",
            "✓ error_free",
        ];
        for line in none {
            assert!(!tells(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn of_a_line_without_end_only_its_beginning_is_looked_at() {
        let (near, far) = (" ".repeat(4000), " ".repeat(9000));
        assert!(tells(format!("{near} error").as_bytes()) && !tells(format!("{far} error").as_bytes()));
        assert!(!tells(format!("\u{1b}[31m{far} error").as_bytes()));
    }

    #[test]
    fn the_nearest_is_found_on_either_side_and_round_the_ends() {
        let mut log = Log::default();
        let bytes = b"error 1\nok\nerror 2\nok\nerror 3\nok\n".to_vec();
        log.append(&Chunk { from: 0, total: bytes.len() as u64, bytes, ended: true });
        let next = |at| beside(&log, at, Direction::Next);
        let before = |at| beside(&log, at, Direction::Previous);
        assert_eq!([0, 1, 2, 4, 5, 6].map(next), [2, 2, 4, 0, 0, 0].map(Some));
        assert_eq!([0, 1, 2, 4, 5, 6].map(before), [4, 0, 0, 2, 4, 4].map(Some));
        assert_eq!((first(&log), first(&Log::default())), (Some(0), None));
        assert_eq!(beside(&Log::default(), 0, Direction::Next), None);
    }
}
