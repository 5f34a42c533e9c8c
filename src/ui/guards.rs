//! What holds for the whole console and is said on every screen: an emergency stop that stands. A line each below the
//! header.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::glyphs::ATTENTION;
use super::scene::Scene;
use super::theme::Role;
use super::widgets::panel::cut_line;
use crate::actions::World;
use crate::clock::Timestamp;
use crate::domain::stop::{Brake, Stop};

/// How many lines there are.
pub(super) fn count(world: &World<'_>) -> u16 {
    u16::from(world.store.stops(world.now).next().is_some())
}

/// Draws them, from the top of `area` on.
pub(super) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    for (line, y) in lines(scene).into_iter().zip(area.y..area.bottom()) {
        buffer.set_line(area.x, y, &cut_line(line, usize::from(area.width)), area.width);
    }
}

fn lines(scene: &Scene<'_>) -> Vec<Line<'static>> {
    let mut stops = scene.store().stops(scene.now());
    let first = stops.next().map(|first| stop(scene, first, stops.count()));
    first.into_iter().collect()
}

/// ```text
/// ▲ emergency stop by anna everywhere: orders are paid twice · until 18:00:00
/// ```
fn stop(scene: &Scene<'_>, (brake, stop): (&Brake, &Stop), more: usize) -> Line<'static> {
    let end = match stop.until {
        Some(until) => format!(" · until {}", scene.exact(until)),
        None => format!(" · since {}", scene.exact(stop.since)),
    };
    let alone = if brake.shared { "" } else { " · others do not see it" };
    let more = if more > 0 { format!(" · and {more} more") } else { String::new() };
    let words = format!("{}{end}{alone}{more}", stop.says());
    vec![scene.mark(ATTENTION), Span::raw(" "), scene.span(Role::Caution, words)].into()
}

/// When a line goes or changes by itself.
pub(super) fn next_change(scene: &Scene<'_>) -> Option<Timestamp> {
    scene.store().stops(scene.now()).filter_map(|(_, stop)| stop.until).min()
}
