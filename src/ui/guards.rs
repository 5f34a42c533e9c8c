//! What holds for the whole console and is said on every screen: an emergency stop that stands, and
//! the glass while it is broken. A line each below the
//! header.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::format;
use super::glyphs::ATTENTION;
use super::scene::Scene;
use super::theme::Role;
use super::widgets::panel::cut_line;
use crate::actions::{Glass, World};
use crate::clock::Timestamp;
use crate::domain::stop::{Brake, Stop};

/// How many lines there are.
pub(super) fn count(world: &World<'_>) -> u16 {
    let stopped = world.store.stops(world.now).next().is_some();
    u16::from(stopped) + u16::from(glass_of(world).is_some())
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
    glass_of(&scene.world).map(|broken| glass(scene, broken)).into_iter().chain(first).collect()
}

/// The glass, while it is broken.
fn glass_of<'a>(world: &World<'a>) -> Option<&'a Glass> {
    world.operator.glass.as_ref().filter(|glass| world.now < glass.until)
}

/// ```text
/// ▲ GLASS BROKEN by anna: checkout is down · 14:12 left
/// ```
fn glass(scene: &Scene<'_>, glass: &Glass) -> Line<'static> {
    let (by, reason, left) = (&scene.world.operator.name, &glass.reason, format::left(glass.until, scene.now()));
    let words = format!("GLASS BROKEN by {by}: {reason} · {left} left");
    vec![scene.span(Role::Danger, "▲ "), scene.span(Role::Danger, words)].into()
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
    let glass = glass_of(&scene.world).and_then(|glass| format::left_changes(glass.until, scene.now()));
    scene.store().stops(scene.now()).filter_map(|(_, stop)| stop.until).chain(glass).min()
}
