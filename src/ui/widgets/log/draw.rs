//! Drawing what is in view of a log.

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line as Spans, Span};

use super::line::Line;
use super::{MARGIN, ROWS, Tail};
use crate::domain::sought::tells_of_an_error;
use crate::store::log::Log;
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// What is drawn of a log.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The log.
    pub log: &'a Log,
    /// Whether it has the focus.
    pub focused: bool,
    /// When its job began.
    pub began: Option<Timestamp>,
}

impl Tail {
    /// Draws what is in view; what tells of an error is marked, and with the focus also the line one is on. A time stands
    /// where it is another than the line's before.
    ///
    /// ```text
    ///   14:05:31   make: entering e2e
    /// ▌✗ 14:05:33 FAIL ranks_fresh_documents_first
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, shown: &Shown<'_>) {
        let Shown { log, focused, began } = *shown;
        let mut y = area.y;
        let margin = MARGIN + self.time_width(log);
        let (mut before, zone) = (None, &scene.look.zone);
        for index in log.index(self.top)..log.lines() {
            if y >= area.bottom() {
                return;
            }
            let rows = self.drawn(scene, log, index);
            let on = focused && !self.follow && log.at(index) == Some(self.at);
            let mut sign = log.line(index).is_some_and(tells_of_an_error).then(|| scene.mark(glyphs::FAILED));
            let time = self.time_of(log, index, began, zone);
            let mut new = time.clone().filter(|_| time != before);
            before = time;
            for spans in rows {
                if y >= area.bottom() {
                    return;
                }
                if on {
                    buffer.set_style(Rect { y, height: 1, ..area }, scene.style(Role::Selection));
                    buffer.set_string(area.x, y, glyphs::MARKER, scene.style(Role::Marker));
                }
                if let Some(sign) = sign.take().filter(|_| area.width > 1) {
                    buffer.set_span(area.x + 1, y, &sign, 1);
                }
                if let Some(time) = new.take().filter(|_| area.width > margin) {
                    buffer.set_span(area.x + MARGIN, y, &scene.span(Role::Dim, time), margin - MARGIN);
                }
                let width = area.width.saturating_sub(margin);
                buffer.set_line(area.x + margin.min(area.width), y, &spans.into(), width);
                y += 1;
            }
        }
    }

    fn drawn(&self, scene: &Scene<'_>, log: &Log, index: usize) -> Vec<Vec<Span<'static>>> {
        let (raw, left_out) = (log.line(index).unwrap_or_default(), log.left_out(index));
        let (base, hit) = (scene.style(Role::Text), scene.style(Role::Match));
        let depth = scene.look.theme.depth();
        if self.wrap {
            let line = Line::new(raw, self.width * ROWS, depth);
            let hits = self.search.found(&line.text);
            let rows = line.rows(self.width, self.most());
            let more = left_out > 0 || line.more || rows.last().is_some_and(|row| row.end < line.text.len());
            let last = rows.len().saturating_sub(1);
            let drawn = rows.into_iter().enumerate().map(|(at, row)| {
                let spans = line.spans(row, base, &hits, hit);
                if more && at == last { cut(scene, spans, self.width, left_out) } else { spans }
            });
            return drawn.collect();
        }
        let (line, part) = Line::window(raw, self.left, self.width, depth);
        let more = left_out > 0 || line.more || part.end < line.text.len();
        let hits = self.search.found(&line.text);
        let spans = line.spans(part, base, &hits, hit);
        vec![if more { cut(scene, spans, self.width, left_out) } else { spans }]
    }
}

/// The same with a sign in its last columns that there is more, and how much of it is not kept.
fn cut(scene: &Scene<'_>, spans: Vec<Span<'static>>, width: usize, left_out: u64) -> Vec<Span<'static>> {
    let sign = if left_out > 0 { format!("… {} left out", format::bytes(left_out)) } else { "…".to_owned() };
    let sign = scene.span(Role::Dim, sign);
    let (line, room) = (Spans::from(spans), width.saturating_sub(sign.width()));
    let mut spans = if line.width() <= room { line.spans } else { shorter(line, room) };
    spans.push(sign);
    spans
}

fn shorter(mut line: Spans<'static>, width: usize) -> Vec<Span<'static>> {
    let mut room = width;
    for at in 0..line.spans.len() {
        let used = line.spans[at].width();
        if used > room {
            let kept = format::fit(&line.spans[at].content, room).to_owned();
            line.spans[at].content = kept.into();
            line.spans.truncate(at + 1);
            break;
        }
        room -= used;
    }
    line.spans
}
