//! A chart over time: one or two curves in braille with a limit across; its numbers stand beside it. A curve is told
//! from another by its line, dotted or whole, and not by its colour alone.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use crate::ui::format;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// How wide the labels of the axis are, with the blank after them.
const AXIS: u16 = 8;
/// The least share of its highest value that an axis spans.
const LEAST: f64 = 0.25;
/// Dots in a cell, across and down.
const DOTS: (usize, usize) = (2, 4);
/// The bits of a cell's dots: left column from top to bottom, then the right one.
const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// One curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its values, evenly spaced, the oldest first; where there is none the curve is open.
    pub values: Vec<Option<f64>>,
    /// How it looks.
    pub role: Role,
    /// Whether its line is dotted.
    pub dotted: bool,
}

/// A chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart<'a> {
    /// The curves, the later over the earlier.
    pub curves: &'a [Curve],
    /// A line across.
    pub limit: Option<f64>,
    /// The unit of the values.
    pub unit: &'a str,
    /// Whether the axis begins at nothing.
    pub from_zero: bool,
    /// What stands under its beginning and its end.
    pub ends: [String; 2],
}

impl Chart<'_> {
    /// Draws it.
    ///
    /// ```text
    ///  0.40 % ┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    ///         │  ⣀⠤⠒⠒⠤⣀⣀⠤⠤
    ///  0.00 % ┤⠒⠒
    ///          -10 min      now
    /// ```
    pub fn draw(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        if area.height < 2 || area.width <= AXIS + 2 {
            return;
        }
        let plot = Rect { x: area.x + AXIS + 1, width: area.width - AXIS - 1, height: area.height - 1, ..area };
        let (low, high) = self.range();
        self.draw_axis(scene, buffer, area, (low, high));
        if let Some(limit) = self.limit {
            let y = plot.y + row(limit, (low, high), usize::from(plot.height));
            buffer.set_string(plot.x, y, "╌".repeat(usize::from(plot.width)), scene.style(Role::Limit));
        }
        for curve in self.curves {
            draw_curve(scene, buffer, plot, curve, (low, high));
        }
        let [begin, end] = &self.ends;
        let y = plot.bottom();
        buffer.set_stringn(plot.x, y, begin, usize::from(plot.width), scene.style(Role::Dim));
        let width = u16::try_from(format::width(end)).unwrap_or(0).min(plot.width);
        buffer.set_string(plot.right() - width, y, end, scene.style(Role::Dim));
    }

    fn draw_axis(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, (low, high): (f64, f64)) {
        let rows = area.height - 1;
        for y in 0..rows {
            let value = (y == 0).then_some(high).or_else(|| (y + 1 == rows && rows > 1).then_some(low));
            if let Some(value) = value {
                let number = if value == 0.0 { "0".into() } else { format::number(value) };
                let label = format!("{number} {}", self.unit);
                let label = format::cut(&label, usize::from(AXIS) - 1);
                let width = u16::try_from(format::width(&label)).unwrap_or(0);
                buffer.set_string(area.x + AXIS - 1 - width, area.y + y, label, scene.style(Role::Dim));
            }
            let tick = if value.is_some() { "┤" } else { "│" };
            buffer.set_string(area.x + AXIS, area.y + y, tick, scene.style(Role::Chrome));
        }
    }

    /// The lowest and the highest value of the axis.
    fn range(&self) -> (f64, f64) {
        let values = self.curves.iter().flat_map(|curve| curve.values.iter().copied().flatten()).chain(self.limit);
        let (low, high) = values
            .filter(|value| value.is_finite())
            .fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return (0.0, 1.0);
        }
        let low = if self.from_zero { 0.0 } else { low };
        // A curve is not made out of noise: what varies by less than a quarter is drawn with room about it.
        let spare = ((high.abs() * LEAST).max(f64::EPSILON) - (high - low)).max(0.0) / 2.0;
        let room = spare.max((high - low) * 0.1);
        if room <= f64::EPSILON {
            return (low, low + 1.0);
        }
        (if self.from_zero { 0.0 } else { (low - room).max(0.0) }, high + room)
    }
}

/// The dot row, from the top, of `value` among `rows`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the rows lies within them")]
fn dot(value: f64, (low, high): (f64, f64), rows: usize) -> usize {
    let share = ((high - value) / (high - low)).clamp(0.0, 1.0);
    (share * as_float(rows.saturating_sub(1))).round() as usize
}

fn row(value: f64, range: (f64, f64), rows: usize) -> u16 {
    u16::try_from(dot(value, range, rows * DOTS.1) / DOTS.1).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "a screen has few columns and rows")]
const fn as_float(count: usize) -> f64 {
    count as f64
}

/// The value at dot column `x` of `columns`, between the two nearest that are known.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place among the values is within them")]
fn value_at(values: &[Option<f64>], x: usize, columns: usize) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let place = as_float(x) * as_float(last) / as_float(columns.saturating_sub(1).max(1));
    let (before, share) = (place.floor() as usize, place.fract());
    let (a, b) = (values.get(before).copied().flatten(), values.get(before + 1).copied().flatten());
    match (a, b) {
        (Some(a), Some(b)) => Some(a + (b - a) * share),
        (Some(a), None) if share < 0.5 => Some(a),
        (None, Some(b)) if share >= 0.5 => Some(b),
        _ => None,
    }
    .filter(|value| value.is_finite())
}

fn draw_curve(scene: &Scene<'_>, buffer: &mut Buffer, plot: Rect, curve: &Curve, range: (f64, f64)) {
    let (columns, rows) = (usize::from(plot.width) * DOTS.0, usize::from(plot.height) * DOTS.1);
    let mut before: Option<usize> = None;
    for x in 0..columns {
        let here = value_at(&curve.values, x, columns).map(|value| dot(value, range, rows));
        if let Some(y) = here.filter(|_| !curve.dotted || x % 2 == 0) {
            // A whole line has no holes where it is steep.
            let from = before.filter(|_| !curve.dotted).map_or(y, |before| if before < y { before + 1 } else { y });
            let to = before.filter(|_| !curve.dotted).map_or(y, |before| if before > y { before - 1 } else { y });
            (from.min(to)..=from.max(to)).for_each(|y| set(scene, buffer, plot, (x, y), curve.role));
        }
        before = here;
    }
}

fn set(scene: &Scene<'_>, buffer: &mut Buffer, plot: Rect, (x, y): (usize, usize), role: Role) {
    let (column, line) = (u16::try_from(x / DOTS.0).unwrap_or(0), u16::try_from(y / DOTS.1).unwrap_or(0));
    if let Some(cell) = buffer.cell_mut((plot.x + column, plot.y + line)) {
        let known = cell.symbol().chars().next().map_or(0, u32::from).saturating_sub(0x2800) & 0xff;
        let bits = known | BITS[x % DOTS.0][y % DOTS.1];
        // Of two curves in one cell the last one's look holds, and nothing of the first one's.
        cell.modifier = Modifier::empty();
        cell.set_char(char::from_u32(0x2800 + bits).unwrap_or('⠿')).set_style(scene.style(role));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_between_its_neighbours_and_a_hole_stays_one() {
        let values = [Some(0.0), Some(10.0), None, None, Some(4.0)];
        assert_eq!(value_at(&values, 0, 9), Some(0.0));
        assert_eq!(value_at(&values, 1, 9), Some(5.0));
        assert_eq!(value_at(&values, 5, 9), None);
        assert_eq!(value_at(&values, 8, 9), Some(4.0));
        assert_eq!(value_at(&[], 0, 9), None);
        assert_eq!(value_at(&[Some(3.0)], 4, 9), Some(3.0));
    }

    #[test]
    fn the_axis_holds_the_limit_and_every_value() {
        let curve = |values: &[f64]| Curve {
            values: values.iter().copied().map(Some).collect(),
            role: Role::Stable,
            dotted: false,
        };
        let curves = [curve(&[10.0, 20.0]), curve(&[15.0])];
        let mut chart = Chart {
            curves: &curves,
            limit: Some(30.0),
            unit: "ms",
            from_zero: false,
            ends: [String::new(), String::new()],
        };
        assert_eq!(chart.range(), (8.0, 32.0));
        chart.from_zero = true;
        assert_eq!(chart.range(), (0.0, 33.0));
        let calm = [curve(&[99.0, 100.0])];
        assert_eq!(Chart { curves: &calm, limit: None, from_zero: false, ..chart.clone() }.range(), (87.0, 112.0));
        assert_eq!(Chart { curves: &[curve(&[0.0])], limit: None, ..chart.clone() }.range(), (0.0, 1.0));
        let nothing = Chart { curves: &[], limit: None, ..chart };
        assert_eq!(nothing.range(), (0.0, 1.0));
        assert_eq!([32.4, 19.2, 6.0].map(|value| row(value, (6.0, 32.4), 5)), [0, 2, 4]);
    }
}
