//! The journal as a table for people: RFC 4180, with a heading. No cell is a formula to the program that opens it, and
//! nothing hidden is in one.

use serde_json::Value;

use crate::domain::text::visible;
use crate::runtime::journal::Entry;

/// The columns, and where in an entry's body each stands.
const COLUMNS: &[(&str, &str)] = &[
    ("at", "/at"),
    ("who", "/actor/name"),
    ("sudo_from", "/actor/sudo"),
    ("host", "/actor/host"),
    ("ssh_client", "/actor/ssh/client"),
    ("tty", "/actor/tty"),
    ("login", "/plan/login"),
    ("action", "/action"),
    ("target", "/target"),
    ("reason", "/reason"),
    ("before", "/plan/before"),
    ("after", "/plan/after"),
    ("intent", "/intent"),
    ("outcome", "/outcome/state"),
    ("message", "/outcome/message"),
    ("took_ms", "/outcome/took_ms"),
];

/// The first line.
pub fn headings() -> String {
    let named = COLUMNS.iter().map(|(name, _)| *name);
    ["seq"].into_iter().chain(named).chain(["hash"]).collect::<Vec<_>>().join(",") + "\r\n"
}

/// The line of an entry.
pub fn line(entry: &Entry) -> String {
    let says = entry.says();
    let cells = COLUMNS.iter().map(|(_, at)| match says.pointer(at) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => cell(text),
        Some(other) => cell(&other.to_string()),
    });
    let seq = entry.seq.to_string();
    [seq].into_iter().chain(cells).chain([cell(&entry.hash)]).collect::<Vec<_>>().join(",") + "\r\n"
}

/// A cell. What a spreadsheet would take for a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let text = visible(text);
    let formula = text.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    let text = if formula { format!("'{text}") } else { text.into_owned() };
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_text_whatever_is_in_it() {
        for (text, cell_is) in [
            ("plain", "plain"),
            ("a, b", "\"a, b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("=HYPERLINK(\"x\",\"y\")", "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            (" +1", "' +1"),
            ("-1", "'-1"),
            ("@SUM(1)", "'@SUM(1)"),
            ("two\nlines\r", "two␊lines␍"),
            ("\tx", "␉x"),
            ("a\u{202e}b", "a‹U+202E›b"),
        ] {
            assert_eq!(cell(text), cell_is, "{text:?}");
        }
    }
}
