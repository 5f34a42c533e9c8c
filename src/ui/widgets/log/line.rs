//! A line of a job's output as it is shown: its colours kept, every other control sequence visible, and never more of
//! it read than can be seen.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::sgr;
use crate::domain::text::{is_hidden, visible};
use crate::ui::theme::Depth;

/// The most bytes of a line that are read for one screen.
const MOST: usize = 256 << 10;
/// From this column on a line is entered in its middle: a byte then counts as a column, and earlier colours are lost.
const FAR: usize = 16 << 10;
/// How far apart tab stops are.
const TAB: usize = 8;

/// A part of a line, made visible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The text; no control character is left in it.
    pub text: String,
    /// Where each stretch of one look ends in the text, in order.
    runs: Vec<(usize, Style)>,
    /// Whether the line goes on after this part.
    pub more: bool,
}

impl Line {
    /// Enough of the beginning of `raw` to fill `columns`.
    pub fn new(raw: &[u8], columns: usize, depth: Depth) -> Self {
        let end = boundary(raw, (columns.saturating_mul(8) + 4096).min(MOST));
        let mut line = Self { more: end < raw.len(), ..Self::default() };
        line.read(&String::from_utf8_lossy(&raw[..end]), depth);
        line
    }

    /// The part of `raw` from column `left` on in at most `width` columns.
    pub fn window(raw: &[u8], left: usize, width: usize, depth: Depth) -> (Self, Range<usize>) {
        let (raw, left) = if left > FAR { (&raw[boundary(raw, left)..], 0) } else { (raw, left) };
        let line = Self::new(raw, left + width, depth);
        let from = line.after(0, left);
        let to = line.after(from, width);
        (line, from..to)
    }

    fn read(&mut self, text: &str, depth: Depth) {
        let (mut style, mut column, mut rest) = (Style::new(), 0, text);
        while let Some(c) = rest.chars().next() {
            if let Some((next, after)) = sgr::read(rest, style, depth) {
                self.stretch(style);
                (style, rest) = (next, after);
                continue;
            }
            let shown: Cow<'_, str> = match c {
                '\t' => " ".repeat(TAB - column % TAB).into(),
                c if is_hidden(c) => visible(&rest[..c.len_utf8()]),
                c => Cow::Borrowed(&rest[..c.len_utf8()]),
            };
            column += shown.width();
            self.text.push_str(&shown);
            rest = &rest[c.len_utf8()..];
        }
        self.stretch(style);
    }

    fn stretch(&mut self, style: Style) {
        if self.runs.last().is_none_or(|(end, _)| *end < self.text.len()) {
            self.runs.push((self.text.len(), style));
        }
    }

    /// The byte of the text that lies `columns` columns after byte `from`.
    fn after(&self, from: usize, columns: usize) -> usize {
        let (mut used, mut at) = (0, from);
        for grapheme in self.text[from..].graphemes(true) {
            used += grapheme.width();
            if used > columns {
                break;
            }
            at += grapheme.len();
        }
        at
    }

    /// The text folded into rows of `width` columns, at most `most` of them.
    pub fn rows(&self, width: usize, most: usize) -> Vec<Range<usize>> {
        let mut rows = Vec::new();
        let mut from = 0;
        while rows.len() < most {
            let to = self.after(from, width.max(2));
            rows.push(from..to);
            from = to;
            if from >= self.text.len() {
                break;
            }
        }
        rows
    }

    /// A stretch of the text with its looks over `base`; what lies in `hits` looks like `hit`.
    pub fn spans(&self, part: Range<usize>, base: Style, hits: &[Range<usize>], hit: Style) -> Vec<Span<'static>> {
        let mut cuts: Vec<usize> = self.runs.iter().map(|(end, _)| *end).collect();
        cuts.extend(hits.iter().flat_map(|hit| [hit.start, hit.end]));
        cuts.retain(|cut| part.contains(cut));
        cuts.push(part.end);
        cuts.sort_unstable();
        let mut from = part.start;
        let mut spans = Vec::new();
        for to in cuts.into_iter().filter(|cut| self.text.is_char_boundary(*cut)) {
            if to > from {
                let own = self.runs.iter().find(|(end, _)| *end > from).map_or_else(Style::new, |(_, style)| *style);
                let found = hits.iter().any(|range| range.contains(&from));
                let style = if found { base.patch(hit) } else { base.patch(own) };
                spans.push(Span::styled(self.text[from..to].to_owned(), style));
                from = to;
            }
        }
        spans
    }
}

/// `at`, or the nearest byte before it at which a character begins.
fn boundary(raw: &[u8], at: usize) -> usize {
    let mut at = at.min(raw.len());
    while at > 0 && at < raw.len() && raw[at] & 0b1100_0000 == 0b1000_0000 {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    fn text(raw: &str) -> String {
        Line::new(raw.as_bytes(), 80, Depth::Rgb).text
    }

    #[test]
    fn colours_are_kept_and_everything_else_is_shown() {
        let line = Line::new(b"a\x1b[31mred\x1b[0m b\x1b[2J\x1b]0;title\x07", 80, Depth::Rgb);
        assert_eq!(line.text, "ared b␛[2J␛]0;title␇");
        let spans = line.spans(0..line.text.len(), Style::new(), &[], Style::new());
        assert_eq!(spans[1], Span::styled("red", Style::new().fg(Color::Indexed(1))));
        assert_eq!(text("a\u{202e}b\u{7}"), "a‹U+202E›b␇");
        assert_eq!(text("\u{1b}[31"), "␛[31");
    }

    #[test]
    fn tabs_go_to_their_stops_and_bad_bytes_are_shown() {
        assert_eq!(text("a\tb"), "a       b");
        assert_eq!(Line::new(b"a\xffb", 80, Depth::Rgb).text, "a\u{fffd}b");
    }

    #[test]
    fn of_a_line_without_end_only_a_little_is_read() {
        let long = "é".repeat(5 << 20);
        let line = Line::new(long.as_bytes(), 80, Depth::Rgb);
        assert!(line.more && line.text.len() <= MOST, "{}", line.text.len());
        let (line, part) = Line::window(long.as_bytes(), 9 << 20, 80, Depth::Rgb);
        assert!(line.text.len() <= MOST);
        assert_eq!(line.text[part].chars().count(), 80);
    }

    #[test]
    fn a_window_cuts_at_columns() {
        let (line, part) = Line::window("ab日本語cd".as_bytes(), 2, 5, Depth::Rgb);
        assert_eq!(&line.text[part], "日本");
        assert_eq!(Line::new(b"abcdefg", 80, Depth::Rgb).rows(3, 9), [0..3, 3..6, 6..7]);
        assert_eq!(Line::default().rows(3, 9), vec![0..0]);
    }

    #[test]
    fn a_hit_is_marked_over_the_line_s_own_colours() {
        let line = Line::new(b"\x1b[32mok 1 error 2", 80, Depth::Rgb);
        let hit = Style::new().fg(Color::Indexed(9));
        let spans = line.spans(0..line.text.len(), Style::new(), &[5..10, 11..12], hit);
        let told: Vec<_> = spans.iter().map(|span| (span.content.as_ref(), span.style == hit)).collect();
        assert_eq!(told, [("ok 1 ", false), ("error", true), (" ", false), ("2", true)]);
    }
}
