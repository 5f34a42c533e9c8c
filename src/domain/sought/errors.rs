//! Errors in a log: which of its lines tell of one.

use std::sync::LazyLock;

use regex::{Regex, bytes};

use super::line::plain;

/// How much of a line is looked at, in bytes.
const LOOKED_AT: usize = 4 << 10;

/// What tells of an error: one of these words by itself, in any case (so also `##[error]`), the name of an error or an
/// exception (`TypeError`), or a cross.
static ERROR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let words = "error|errors|fail|failed|failure|failures|fatal|panic|panicked|exception|traceback|not ok";
    Regex::new(&format!(r"(?-u:\b)(?i:{words})(?-u:\b)|(?-u:\w+)(?:Error|Exception)(?-u:\b)|[✗✘]")).ok()
});

/// What is in every line that tells of an error, and in some that do not.
static HINTS: LazyLock<Option<bytes::Regex>> =
    LazyLock::new(|| bytes::Regex::new("(?i-u:error|fail|fatal|panic|exception|traceback|not ok)|[✗✘]").ok());

/// Whether a line, raw, tells of an error.
pub fn tells(raw: &[u8]) -> bool {
    found(&String::from_utf8_lossy(&plain(&raw[..raw.len().min(LOOKED_AT)])))
}

/// Finds lines that may tell of an error among many; a line without a hint tells of none.
pub fn hints() -> Option<&'static bytes::Regex> {
    HINTS.as_ref()
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

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(hints().unwrap().is_match(&plain(line.as_bytes())), "{line}");
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
}
