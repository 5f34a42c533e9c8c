//! Lines with columns under one another, and the few colours that they may have.

use std::fmt::Display;

use crate::ui::format::width;

/// What a cell is to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Text.
    #[default]
    Plain,
    /// Beside the point.
    Quiet,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// Wrong.
    Bad,
}

impl Tone {
    /// The tone of a status word of the contract.
    pub fn of(word: &str) -> Self {
        match word {
            "succeeded" | "live" | "pass" | "complete" | "approved" | "reached" | "on" | "clear" => Self::Good,
            "failed" | "fail" | "degraded" | "rejected" | "expired" | "locked" | "not_reached" => Self::Bad,
            "waiting"
            | "paused"
            | "unstable"
            | "marginal"
            | "aborting"
            | "aborted"
            | "approved_not_started"
            | "cancelling"
            | "caution"
            | "stale"
            | "unknown" => Self::Warn,
            "empty" | "skipped" | "cancelled" | "idle" | "off" | "no_data" => Self::Quiet,
            _ => Self::Plain,
        }
    }

    const fn sgr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Quiet => Some("2"),
            Self::Good => Some("32"),
            Self::Warn => Some("33"),
            Self::Bad => Some("31"),
        }
    }
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    text: String,
    tone: Tone,
}

impl<S: ToString> From<S> for Cell {
    fn from(text: S) -> Self {
        Self { text: text.to_string(), tone: Tone::Plain }
    }
}

/// A cell that has its tone by its word.
pub fn word(word: &str) -> Cell {
    Cell { text: word.to_owned(), tone: Tone::of(word) }
}

/// A cell with a tone.
pub fn toned(text: impl Display, tone: Tone) -> Cell {
    Cell { text: format!("{text}"), tone }
}

/// Rows whose cells stand under one another; the first row is the head.
#[derive(Debug, Clone, Default)]
pub struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table with these heads.
    pub fn new<const N: usize>(heads: [&str; N]) -> Self {
        Self { rows: vec![heads.iter().map(|head| toned(head, Tone::Quiet)).collect()] }
    }

    /// Adds a row.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.rows.push(cells.into());
    }

    /// As lines; without a row but the head, what is said instead.
    pub fn lines(&self, color: bool, otherwise: &str) -> String {
        if self.rows.len() == 1 {
            return format!("{otherwise}\n");
        }
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let broad = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text)).max().unwrap_or_default()
        };
        let widths: Vec<_> = (0..columns).map(broad).collect();
        self.rows.iter().map(|row| line(row, &widths, color)).collect()
    }
}

fn line(row: &[Cell], widths: &[usize], color: bool) -> String {
    let used = row.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |at| at + 1);
    let mut line = String::new();
    for (index, cell) in row[..used].iter().enumerate() {
        line.push_str(&painted(&cell.text, cell.tone, color));
        if index + 1 < used {
            line.push_str(&" ".repeat(widths[index].saturating_sub(width(&cell.text)) + 2));
        }
    }
    line.push('\n');
    line
}

/// `text` in the colour of its tone.
pub fn painted(text: &str, tone: Tone, color: bool) -> String {
    match tone.sgr().filter(|_| color && !text.is_empty()) {
        Some(sgr) => format!("\u{1b}[{sgr}m{text}\u{1b}[0m"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another_and_no_blank_ends_a_line() {
        let mut table = Table::new(["service", "state", ""]);
        table.row(["日本".into(), word("failed"), "".into()]);
        table.row(["a".into(), word("live"), "x".into()]);
        assert_eq!(table.lines(false, "none"), "service  state\n日本     failed\na        live    x\n");
        assert!(table.lines(true, "none").contains("\u{1b}[31mfailed\u{1b}[0m\n"));
        assert_eq!(Table::new(["a"]).lines(true, "none"), "none\n");
    }
}
