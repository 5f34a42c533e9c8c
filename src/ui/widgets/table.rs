//! The windowed table: only the rows in view are made. Columns keep their places whatever is in them.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::cut_line;

/// How wide a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// So many columns.
    Fixed(u16),
    /// As wide as its widest cell in view, within these.
    Fit(u16, u16),
    /// An equal share of what is left, at least this.
    Rest(u16),
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column<'a> {
    /// Its heading.
    pub title: &'a str,
    /// How wide it is.
    pub width: Width,
    /// Whether its cells stand at its right side, as numbers do.
    pub right: bool,
}

impl<'a> Column<'a> {
    /// A column whose cells stand at its left side.
    pub const fn new(title: &'a str, width: Width) -> Self {
        Self { title, width, right: false }
    }

    /// A column of numbers.
    pub const fn right(title: &'a str, width: Width) -> Self {
        Self { title, width, right: true }
    }
}

/// One row, cell by cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row<'a> {
    /// The cells; a missing one is empty.
    pub cells: Vec<Line<'a>>,
    /// Whether the row is older than it should be: all of it is drawn as stale.
    pub stale: bool,
}

/// A table to be drawn: its columns, and which of its rows are in view and selected.
#[derive(Debug, Clone)]
pub struct Table<'a> {
    /// The columns.
    pub columns: &'a [Column<'a>],
    /// The rows in view.
    pub window: Range<usize>,
    /// The selected row's place, if the table has the focus.
    pub selected: Option<usize>,
    /// Whether the headings are drawn; they take a line.
    pub headings: bool,
}

impl Table<'_> {
    /// How many rows fit into `area` under the headings.
    pub const fn height(area: Rect) -> usize {
        area.height.saturating_sub(1) as usize
    }

    /// Draws it. `row` is called for the rows in view only.
    ///
    /// ```text
    ///   SERVICE    VERSION
    /// ▌ checkout   v2.14.0
    ///   search     v0.44.1
    /// ```
    pub fn draw<'r>(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, row: impl FnMut(usize) -> Row<'r>) {
        let rows: Vec<_> = self.window.clone().map(row).collect();
        let places = places(self.columns, &rows, area);
        let mut y = area.y;
        if self.headings && area.height > 0 {
            for (column, (x, width)) in self.columns.iter().zip(&places) {
                put(buffer, *x, y, *width, column.right, Line::styled(column.title, scene.style(Role::Dim)));
            }
            y += 1;
        }
        for (index, row) in self.window.clone().zip(rows) {
            if y >= area.bottom() {
                break;
            }
            let line = Rect { y, height: 1, ..area };
            for ((cell, column), (x, width)) in row.cells.into_iter().zip(self.columns).zip(&places) {
                put(buffer, *x, y, *width, column.right, cell);
            }
            if row.stale {
                buffer.set_style(line, Style::reset().patch(scene.style(Role::Ground)).patch(scene.style(Role::Stale)));
            }
            if self.selected == Some(index) {
                select(scene, buffer, line);
            }
            y += 1;
        }
    }
}

/// Marks `line` as the selected one; the states in it keep their colours.
pub fn select(scene: &Scene<'_>, buffer: &mut Buffer, line: Rect) {
    buffer.set_style(line, scene.style(Role::Selection));
    buffer.set_string(line.x, line.y, glyphs::MARKER, scene.style(Role::Marker));
}

/// Where each column begins and how wide it is: two columns for the marker, then the columns with a blank between.
fn places(columns: &[Column<'_>], rows: &[Row<'_>], area: Rect) -> Vec<(u16, u16)> {
    const MARGIN: u16 = 2;
    const GAP: u16 = 2;
    let gaps = GAP * u16::try_from(columns.len().saturating_sub(1)).unwrap_or(0);
    let room = area.width.saturating_sub(MARGIN + gaps);
    let mut widths: Vec<u16> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| match column.width {
            Width::Fixed(width) => width,
            Width::Rest(least) => least,
            Width::Fit(least, most) => {
                let cells = rows.iter().filter_map(|row| row.cells.get(at)).map(Line::width);
                let widest = cells.chain([column.title.len()]).max().unwrap_or(0);
                u16::try_from(widest).unwrap_or(u16::MAX).clamp(least, most.max(least))
            }
        })
        .collect();
    let spare = room.saturating_sub(widths.iter().sum());
    let growing: Vec<_> = (0..columns.len()).filter(|at| matches!(columns[*at].width, Width::Rest(_))).collect();
    let count = u16::try_from(growing.len()).unwrap_or(1).max(1);
    for (nth, at) in growing.into_iter().enumerate() {
        let extra = u16::from(u16::try_from(nth).unwrap_or(0) < spare % count);
        widths[at] += spare / count + extra;
    }
    let mut x = area.x + MARGIN.min(area.width);
    let mut places = Vec::with_capacity(widths.len());
    for width in widths {
        let width = width.min(area.right().saturating_sub(x));
        places.push((x, width));
        x = x.saturating_add(width + GAP).min(area.right());
    }
    places
}

fn put(buffer: &mut Buffer, x: u16, y: u16, width: u16, right: bool, line: Line<'_>) {
    let line = cut_line(line, usize::from(width));
    let used = u16::try_from(line.width()).unwrap_or(width).min(width);
    let x = if right { x + width - used } else { x };
    buffer.set_line(x, y, &line, width);
}
