//! How the traffic of one place stands: the ladder of a canary, or both colours.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::Moves;
use super::rows::{color_version, version, weights};
use crate::domain::rollout::{ColorSide, Rollout, RolloutKind, Side};
use crate::ui::format;
use crate::ui::glyphs::{self, ATTENTION};
use crate::ui::panes::board::{bake_end, on_ladder};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::bar::bar;
use crate::ui::widgets::ladder;
use crate::ui::widgets::panel::{cut_line, inner, panel};
use crate::ui::widgets::scale::Scale;

/// From this many columns on a colour tells its commit.
const WIDE: usize = 96;

/// The widest ladder.
const LADDER: usize = 90;

/// How high it is, with its frame.
pub fn height(rollout: &Rollout) -> u16 {
    let message = u16::from(rollout.message.is_some() && !told_by_itself(rollout));
    match rollout.kind {
        RolloutKind::BlueGreen => 4 + message,
        _ => 2 + u16::from(!rollout.steps.is_empty()) + 2 + message,
    }
}

/// Whether the words of what it waits for hold the message already.
const fn told_by_itself(rollout: &Rollout) -> bool {
    use crate::domain::rollout::Phase;
    matches!(rollout.phase, Phase::Aborting | Phase::Degraded | Phase::Progressing)
}

/// Which weights lie where on the ladder, if one is drawn in `area`.
pub fn lever(area: Rect, rollout: &Rollout) -> Option<Scale> {
    if rollout.kind == RolloutKind::BlueGreen || rollout.steps.is_empty() || area.height < 3 {
        return None;
    }
    let content = content(inner(area));
    let at = Position { x: content.x, y: content.y };
    Some(ladder::scale(rollout, at, usize::from(content.width).min(LADDER)))
}

/// The room for the lines within the frame.
const fn content(inside: Rect) -> Rect {
    Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside }
}

/// Draws it.
pub fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Moves<'_>) {
    if area.height < 3 {
        return;
    }
    let (place, environment, rollout) = &seen.value;
    let overdue = scene.store().overdue(&seen.source, seen.at, scene.now()).is_some();
    let role = if environment.tier.is_production() { Role::Danger } else { Role::Text };
    let title = vec![
        scene.span(Role::Heading, place.service.to_string()),
        scene.span(Role::Dim, " · "),
        scene.span(role, place.environment.to_string()),
    ];
    let about = scene.span(
        if overdue { Role::Stale } else { Role::Dim },
        format!("seen by {} {}", seen.source, format::ago(seen.at, scene.now())),
    );
    let inside = panel(scene, buffer, area, title.into(), about.into());
    let content = content(inside);
    let width = usize::from(content.width);
    let mut lines =
        if rollout.kind == RolloutKind::BlueGreen { colors(scene, rollout, width) } else { canary(scene, seen, width) };
    lines.extend(rollout.message.as_ref().filter(|_| !told_by_itself(rollout)).map(|message| {
        let words = scene.span(Role::Text, message.to_string());
        Line::from(vec![scene.mark(ATTENTION), Span::raw(" "), words])
    }));
    for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
        buffer.set_line(content.x, y, &cut_line(line, width), content.width);
    }
    if overdue {
        buffer.set_style(content, scene.style(Role::Stale).remove_modifier(Modifier::BOLD));
    }
}

fn canary(scene: &Scene<'_>, seen: &Moves<'_>, width: usize) -> Vec<Line<'static>> {
    let (_, environment, rollout) = &seen.value;
    let mut lines = Vec::new();
    if !rollout.steps.is_empty() {
        lines.push(ladder::ladder(scene, rollout, baked(scene, seen), width.min(LADDER)));
    }
    let long = sides(scene, rollout, true);
    lines.push(if long.width() <= width { long } else { sides(scene, rollout, false) });
    if let Some(wait) = on_ladder(environment, rollout, seen.at, scene.now()) {
        lines.push(Line::from(vec![scene.mark(wait.mark), Span::raw(" "), scene.span(Role::Text, wait.words)]));
    } else {
        let serves = environment.release.as_ref().map_or_else(|| "nothing".into(), |it| it.version.to_string());
        let held = if environment.held { "; held: nothing comes in by itself" } else { "" };
        let words = format!("no canary is under way ({}): {serves} serves all{held}", rollout.phase);
        lines.push(scene.span(Role::Dim, words).into());
    }
    lines
}

/// Both releases with their health and the candidate's weight.
fn sides(scene: &Scene<'_>, rollout: &Rollout, long: bool) -> Line<'static> {
    let mut spans = Vec::new();
    if rollout.phase.under_way() {
        spans.extend(side(scene, "candidate", rollout.candidate.as_ref(), long));
        spans.extend(weights(scene, rollout));
        spans.push(Span::raw(if long { "   " } else { "  " }));
    }
    spans.extend(side(scene, "stable", rollout.stable.as_ref(), long));
    spans.into()
}

/// How much of the present step's bake time is over, in percent.
fn baked(scene: &Scene<'_>, seen: &Moves<'_>) -> Option<u8> {
    let rollout = seen.value.2;
    let at = usize::try_from(rollout.step?.index).ok()?.checked_sub(1)?;
    let whole = rollout.steps.get(at)?.bake_ms.filter(|ms| *ms > 0)?;
    let left = crate::clock::since(scene.now(), bake_end(rollout, seen.at)?).as_secs() * 1000;
    let share = whole.saturating_sub(left) * 100 / whole;
    u8::try_from(share.min(100)).ok()
}

/// `candidate v2.14.0 3f9c2e1  ✓ 1 of 1 healthy`; in little room `candidate v2.14.0 ✓ 1 of 1`.
fn side(scene: &Scene<'_>, name: &'static str, side: Option<&Side>, long: bool) -> Vec<Span<'static>> {
    let role = if name == "stable" { Role::Stable } else { Role::Candidate };
    let mut spans = vec![scene.span(role, format!("{name} ")), scene.span(Role::Text, version(side))];
    if let Some(side) = side {
        let commit = side.commit.as_ref().filter(|_| long);
        let commit = commit.map(|commit| format!(" {}", format::commit(commit.as_str())));
        spans.push(scene.span(Role::Dim, commit.unwrap_or_default()));
        spans.extend(health(scene, side.healthy, side.replicas, long));
    }
    spans
}

fn health(scene: &Scene<'_>, healthy: Option<u32>, replicas: Option<u32>, long: bool) -> Vec<Span<'static>> {
    let word = if long { " healthy" } else { "" };
    let (mark, words) = match (healthy, replicas) {
        (Some(healthy), Some(replicas)) if healthy < replicas => {
            (glyphs::FAILED, format!("{healthy} of {replicas} healthy"))
        }
        (Some(healthy), Some(replicas)) => (glyphs::OK, format!("{healthy} of {replicas}{word}")),
        _ => (glyphs::UNKNOWN, "health not told".into()),
    };
    let role = if mark == glyphs::OK { Role::Dim } else { mark.role };
    let gap = if long { "  " } else { " " };
    vec![Span::raw(gap), scene.mark(mark), scene.span(role, format!(" {words}"))]
}

/// Both colours, the one that serves first.
///
/// ```text
/// ● blue   v5.3.0  feedfac  100 % ━━━━━━━━━━━━  ✓ 2 of 2 healthy
/// ○ green  v5.2.8  0ddba11    0 % ────────────  ✓ 2 of 2 healthy   flip back at once, 22:30 left
/// ```
fn colors(scene: &Scene<'_>, rollout: &Rollout, width: usize) -> Vec<Line<'static>> {
    let sides = [rollout.active.as_ref(), rollout.idle.as_ref()];
    let widest = sides.iter().flatten().map(|side| format::width(&color_version(side))).max().unwrap_or(0);
    let mut lines: Vec<_> = sides
        .into_iter()
        .enumerate()
        .filter_map(|(at, side)| Some(color(scene, side?, at == 0, (widest, width >= WIDE))))
        .collect();
    if lines.is_empty() {
        lines.push(scene.span(Role::Dim, "nothing was ever put there; p promotes a release").into());
    }
    lines
}

fn color(scene: &Scene<'_>, side: &ColorSide, serves: bool, (widest, wide): (usize, bool)) -> Line<'static> {
    let (mark, name) = if serves { (glyphs::SERVING, Role::Serving) } else { (glyphs::IDLE, Role::Dim) };
    let version = color_version(side);
    let pad = " ".repeat(widest.saturating_sub(format::width(&version)));
    let commit = side.commit.as_ref().map(|commit| format::commit(commit.as_str()).to_owned()).unwrap_or_default();
    let share = if serves { 100 } else { 0 };
    let mut spans = vec![
        scene.mark(mark),
        scene.span(name, format!(" {:<7}", side.color.as_str())),
        scene.span(Role::Text, format!("{version}{pad}")),
        scene.span(Role::Dim, if wide { format!("  {commit:<7}") } else { String::new() }),
        scene.span(Role::Text, format!("  {share:>3} % ")),
    ];
    if wide {
        spans.extend(bar(scene, share, 12, Role::Serving));
    }
    spans.extend(health(scene, side.healthy, side.replicas, true));
    if !serves {
        let words = match side.kept_until {
            Some(until) if until > scene.now() => {
                format!("   flip back at once, {} left", format::left(until, scene.now()))
            }
            Some(_) => "   its instances are stopped: going back starts them".into(),
            None => String::new(),
        };
        spans.push(scene.span(Role::Text, words));
    }
    spans.into()
}
