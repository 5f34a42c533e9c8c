//! The list of places whose traffic can move.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Moves, Traffic};
use crate::clock::{Timestamp, since};
use crate::domain::ids::Place;
use crate::domain::rollout::{ColorSide, Phase, Rollout, RolloutKind, Side};
use crate::ui::format;
use crate::ui::glyphs::{self, Mark};
use crate::ui::panes::board::bake_end;
use crate::ui::panes::filtering::narrowed;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// From this many columns on a row tells set and actual weight, and what stands against what.
const WIDE: u16 = 110;

impl Traffic {
    /// The list, or what would be here.
    ///
    /// ```text
    /// ▌ checkout · production  canary      ◐ v2.14.0 over v2.13.4  set 25 %  actual 25 %  bake 3:12  ✓ pass 96
    ///   catalog · production   blue/green  ● blue v5.3.0  ○ green v5.2.8, flip back at once for 22 m
    /// ```
    pub(super) fn draw_list(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, rows: &[Place]) {
        let moves = |place: &Place| scene.store().rollout(place).is_some_and(|seen| seen.value.2.phase.under_way());
        // They stand first.
        let moving = rows.partition_point(moves);
        let filter = narrowed(&self.filter);
        let about = scene.span(Role::Dim, format!("{filter}{moving} of {} under way", rows.len())).into();
        let inside = panel(scene, buffer, area, scene.span(Role::Heading, "Traffic").into(), about);
        if rows.is_empty() {
            return self.draw_empty(scene, buffer, inside);
        }
        let kind = if area.width >= WIDE { Width::Fixed(10) } else { Width::Fixed(0) };
        let columns = [
            Column::new("", Width::Fit(10, 34)),
            Column::new("", kind),
            Column::new("", Width::Rest(20)),
            Column::right("", Width::Fit(0, 6)),
        ];
        let window = self.list.window(rows.len());
        let table = Table { columns: &columns, window, selected: Some(self.list.at()), headings: false };
        let body = Rect { width: inside.width.saturating_sub(1), ..inside };
        table.draw(scene, buffer, body, |at| {
            let wide = area.width >= WIDE;
            let seen = rows.get(at).and_then(|place| scene.store().rollout(place));
            seen.map(|seen| row(scene, &seen, at == self.list.at(), wide)).unwrap_or_default()
        });
    }

    fn draw_empty(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let words = if self.filter.text().is_empty() {
            "no canary and no colours anywhere; a pipeline's `rollout` brings them".to_owned()
        } else {
            format!("no place matches /{}; Esc shows all", self.filter.text())
        };
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(area.width.saturating_sub(3)));
        buffer.set_line(area.x + 2, area.y, &line, area.width.saturating_sub(3));
    }
}

fn row(scene: &Scene<'_>, seen: &Moves<'_>, selected: bool, wide: bool) -> Row<'static> {
    let (place, _, rollout) = &seen.value;
    let overdue = scene.store().overdue(&seen.source, seen.at, scene.now());
    let name = if selected { Role::Strong } else { Role::Text };
    let kind = match rollout.kind {
        RolloutKind::BlueGreen => "blue/green",
        RolloutKind::Canary => "canary",
        RolloutKind::Replace => "replace",
        RolloutKind::Unknown => "unknown",
    };
    let words = if rollout.kind == RolloutKind::BlueGreen {
        colors(scene, rollout, wide)
    } else {
        canary(scene, rollout, bake_end(rollout, seen.at), wide)
    };
    let age = overdue.map(|age| Line::from(format!("? {age}"))).unwrap_or_default();
    let cells =
        vec![Line::from(scene.span(name, place.to_string())), scene.span(Role::Dim, kind).into(), words.into(), age];
    Row { cells, stale: overdue.is_some() }
}

/// The sign of what a canary is doing.
pub fn canary_mark(phase: Phase) -> Mark {
    match phase {
        Phase::Waiting | Phase::Progressing => glyphs::CANARY,
        phase => glyphs::phase(phase),
    }
}

/// A version, or that it is not known.
pub fn version(side: Option<&Side>) -> String {
    side.map_or_else(|| "—".into(), |side| side.version.to_string())
}

/// The version on a colour, or that there is none.
pub fn color_version(side: &ColorSide) -> String {
    side.version.as_ref().map_or_else(|| "—".into(), ToString::to_string)
}

fn canary(scene: &Scene<'_>, rollout: &Rollout, bake: Option<Timestamp>, wide: bool) -> Vec<Span<'static>> {
    let mark = canary_mark(rollout.phase);
    let mut spans = vec![scene.mark(mark), Span::raw(" ")];
    if !rollout.phase.under_way() {
        spans.push(scene.span(Role::Text, version(rollout.stable.as_ref())));
        spans.push(scene.span(Role::Dim, format!(" serves all  {}", rollout.phase)));
        return spans;
    }
    spans.push(scene.span(Role::Text, version(rollout.candidate.as_ref())));
    if wide {
        spans.extend([scene.span(Role::Dim, " over "), scene.span(Role::Text, version(rollout.stable.as_ref()))]);
        spans.extend(weights(scene, rollout));
    } else {
        spans.push(weight(scene, rollout));
    }
    match bake.filter(|end| *end > scene.now() && rollout.phase == Phase::Waiting) {
        Some(end) => spans.push(scene.span(Role::Text, format!("  bake {}", format::left(end, scene.now())))),
        None => spans.push(scene.span(mark.role, format!("  {}", rollout.phase))),
    }
    if let Some(verdict) = &rollout.verdict {
        let mark = glyphs::verdict(verdict.state);
        let score = verdict.score.map(|score| format!(" {score}")).unwrap_or_default();
        let words = verdict.state.as_str().replace('_', " ");
        spans.extend([Span::raw("  "), scene.mark(mark), scene.span(mark.role, format!(" {words}{score}"))]);
    }
    spans
}

/// `25 %`, or `18 → 25 %` where the router holds another share than was ordered.
fn weight(scene: &Scene<'_>, rollout: &Rollout) -> Span<'static> {
    let set = rollout.set_weight.unwrap_or_default();
    let words = match rollout.actual_weight {
        Some(actual) if actual != set => format!("  {} → {set}", actual.percent()),
        _ => format!("  {set}"),
    };
    Span::styled(words, scene.style(Role::Candidate).add_modifier(Modifier::BOLD))
}

/// `set 25 %  actual 25 %`; where they differ, that stands out.
pub fn weights(scene: &Scene<'_>, rollout: &Rollout) -> Vec<Span<'static>> {
    let set = rollout.set_weight.map_or_else(|| "—".into(), |weight| weight.to_string());
    let actual = rollout.actual_weight.map_or_else(|| "—".into(), |weight| weight.to_string());
    let style = scene.style(Role::Candidate).add_modifier(Modifier::BOLD);
    let role = if rollout.actual_weight == rollout.set_weight { Role::Text } else { Role::Caution };
    vec![
        scene.span(Role::Dim, "  set "),
        Span::styled(set, style),
        scene.span(Role::Dim, "  actual "),
        scene.span(role, actual),
    ]
}

fn colors(scene: &Scene<'_>, rollout: &Rollout, wide: bool) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    if let Some(active) = &rollout.active {
        spans.extend([
            scene.mark(glyphs::SERVING),
            scene.span(Role::Serving, format!(" {}", active.color)),
            scene.span(Role::Text, format!(" {}", color_version(active))),
        ]);
    }
    if rollout.phase.under_way() {
        let mark = canary_mark(rollout.phase);
        spans.push(scene.span(mark.role, format!("  {} {}", mark.glyph, rollout.phase)));
    }
    if let Some(idle) = &rollout.idle {
        let until = idle.kept_until.filter(|until| *until > scene.now());
        let flip = if wide { "flip back at once for" } else { "back for" };
        let left = until.map(|until| format!(", {flip} {}", format::age(since(scene.now(), until))));
        let words = format!(" {} {}{}", idle.color, color_version(idle), left.unwrap_or_default());
        spans.extend([Span::raw("  "), scene.mark(glyphs::IDLE), scene.span(Role::Dim, words)]);
    }
    if spans.is_empty() {
        spans.push(scene.span(Role::Dim, "nothing was ever put there"));
    }
    spans
}
