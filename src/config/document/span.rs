//! Where something stands in a file that was already read: for those who find a fault in what it means.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// Where the value under `path` stands in `text`, or where its key does if it is a table; the beginning if it is not
/// there.
pub fn span(text: &str, path: &[&str]) -> Range<usize> {
    let document = DeTable::parse(text).ok();
    document.and_then(|document| span_in(document.get_ref(), path)).unwrap_or(0..0)
}

fn span_in(table: &DeTable<'_>, path: &[&str]) -> Option<Range<usize>> {
    let (name, rest) = path.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    match value.get_ref() {
        DeValue::Table(below) => span_in(below, rest).or_else(|| Some(key.span())),
        _ => Some(value.span()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_path_and_a_table_by_its_key() {
        let text = "theme = \"mine\"\n[keys.board]\nquit = [\"q\"]\n[contexts]\na = { theme = { dark = \"night\" } }\n";
        let at = |path: &[&str]| &text[span(text, path)];
        assert_eq!(at(&["theme"]), "\"mine\"");
        assert_eq!(at(&["keys", "board", "quit"]), "[\"q\"]");
        assert_eq!(at(&["keys", "board"]), "board");
        assert_eq!(at(&["contexts", "a", "theme", "dark"]), "\"night\"");
        assert_eq!(at(&["contexts", "b"]), "contexts");
        assert_eq!(at(&["nosuch"]), "");
    }
}
