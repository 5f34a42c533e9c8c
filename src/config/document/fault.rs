//! What is wrong in a TOML file, where, and what to write instead; printed as compilers print it.

use std::fmt;
use std::ops::Range;

use crate::domain::text::visible;

/// One thing that is wrong in a file. Every text in it is safe to print.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fault {
    /// The file, as the caller named it.
    pub file: String,
    /// The line; the first is 1.
    pub line: usize,
    /// The column in characters; the first is 1.
    pub column: usize,
    /// The key, with the tables it lies in: `stage.build.job.compile.timeout`; empty for a syntax error.
    pub key: String,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The line as it stands in the file.
    pub source_line: String,
    /// How many characters from the column on are meant; at least 1.
    pub width: usize,
}

impl Fault {
    /// A fault at the bytes `span` of `text`. What lies outside of the text counts as its end.
    pub(crate) fn at(text: &str, file: &str, span: Range<usize>) -> Self {
        let start = floor(text, span.start);
        let before = &text[..start];
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[begin..].lines().next().unwrap_or_default();
        let end = floor(text, span.end).clamp(start, (begin + line.len()).max(start));
        Self {
            file: visible(file).into_owned(),
            line: before.matches('\n').count() + 1,
            column: visible(&text[begin..start]).chars().count() + 1,
            key: String::new(),
            message: String::new(),
            hint: None,
            source_line: shown(line),
            width: visible(&text[start..end]).chars().count().max(1),
        }
    }

    /// The same fault with its words; an empty key stands for none.
    #[must_use]
    pub fn saying(self, key: &str, message: &str, hint: Option<&str>) -> Self {
        let (key, message) = (visible(key).into_owned(), visible(message).into_owned());
        Self { key, message, hint: hint.map(|hint| visible(hint).into_owned()), ..self }
    }

    /// The same fault with the source line ending where the fault begins.
    #[must_use]
    pub(crate) fn masked(self) -> Self {
        let before: String = self.source_line.chars().take(self.column - 1).collect();
        Self { source_line: format!("{before}…"), width: 1, ..self }
    }
}

/// The last character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// A source line for the screen: a tab is a blank of the same width as its picture.
fn shown(line: &str) -> String {
    const LONGEST: usize = 200;
    let mut line: String = visible(&line.replace('\t', " ")).into_owned();
    if let Some((at, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(at);
        line.push('…');
    }
    line
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, key, message, source_line, .. } = self;
        let colon = if key.is_empty() { "" } else { ": " };
        writeln!(f, "{file}:{line}:{column}: {key}{colon}{message}")?;
        let number = line.to_string();
        let gutter = " ".repeat(number.len());
        let room = (source_line.chars().count() + 1).saturating_sub(*column).max(1);
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{number} | {source_line}")?;
        if *column <= source_line.chars().count() + 1 {
            write!(f, "{gutter} | {}{}", " ".repeat(column - 1), "^".repeat(self.width.min(room)))?;
        } else {
            write!(f, "{gutter} |")?;
        }
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

/// Everything that is wrong in a file, in the order of its lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let gap = if index == 0 { "" } else { "\n\n" };
            write!(f, "{gap}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_like_a_compiler() {
        let text = "a = 1\n  größe = \"x\"\n";
        let fault = Fault::at(text, "f.toml", 8..15).saying("größe", "is unknown", Some("leave it out"));
        let drawn = "f.toml:2:3: größe: is unknown\n  |\n2 |   größe = \"x\"\n  |   ^^^^^\nhint: leave it out";
        assert_eq!(fault.to_string(), drawn);
    }

    #[test]
    fn a_place_outside_of_the_text_is_its_end() {
        let fault = Fault::at("a\n", "f", 7..90);
        assert_eq!((fault.line, fault.column, fault.width), (2, 1, 1));
        assert!(fault.to_string().contains("2 | "));
    }
}
