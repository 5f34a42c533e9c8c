//! The header: where one is, what needs somebody, which source has trouble; and the tabs of the panes there are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::command::{Command, PaneKind, Section, View};
use super::format;
use super::glyphs::{ATTENTION, CANARY, FAILED, Mark, WAITING};
use super::keymap::Keymap;
use super::next::Next;
use super::panes::Pane;
use super::scene::Scene;
use super::theme::Role;
use super::widgets::panel::cut_line;
use crate::clock::Timestamp;
use crate::domain::observation::{Problem, ProblemKind};

/// Draws the header.
///
/// ```text
/// leverframe shop-prod production        ◆ 2 gates   ◐ 1 rollout   ✗ 1 failed   ▲ github unreachable, 5 m
/// ```
pub(super) fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
    let left = place(scene);
    let counts = counts(scene);
    let room = usize::from(area.width).saturating_sub(left.width() + 3);
    let mut right = Line::default();
    for part in counts.into_iter().chain(trouble(scene)) {
        let gap = if right.spans.is_empty() { 0 } else { 3 };
        if right.width() + gap + part.width() > room {
            // Trouble comes last and is long; it is cut rather than left out.
            let rest = room.saturating_sub(right.width() + gap);
            if rest > 12 {
                right.push_span(Span::raw(" ".repeat(gap)));
                right.spans.extend(cut_line(part, rest).spans);
            }
            break;
        }
        right.push_span(Span::raw(" ".repeat(gap)));
        right.spans.extend(part.spans);
    }
    let left = cut_line(left, usize::from(area.width));
    buffer.set_line(area.x, area.y, &left, area.width);
    let width = u16::try_from(right.width()).unwrap_or(0).min(area.width);
    buffer.set_line(area.right() - width, area.y, &right, width);
}

fn place(scene: &Scene<'_>) -> Line<'static> {
    let topology = scene.store().topology();
    let context = crate::domain::text::visible(&topology.context).into_owned();
    let mut spans = vec![scene.span(Role::Accent, "▞ leverframe"), Span::raw("  ")];
    if topology.danger {
        spans.extend([scene.span(Role::Danger, context), scene.span(Role::Danger, " ▲ production")]);
    } else {
        spans.push(scene.span(Role::Strong, context));
    }
    if topology.read_only || scene.world.operator.read_only {
        spans.push(scene.span(Role::Caution, "  [read-only]"));
    }
    spans.into()
}

fn counts(scene: &Scene<'_>) -> Vec<Line<'static>> {
    let counts = scene.store().counts();
    let count = |n: usize, mark: Mark, noun: &str| {
        (n > 0).then(|| {
            let words = if noun == "failed" { format!("{n} {noun}") } else { format::plural(n as u64, noun) };
            let style = scene.style(mark.role).add_modifier(ratatui::style::Modifier::BOLD);
            Line::from(vec![scene.mark(mark), Span::raw(" "), Span::styled(words, style)])
        })
    };
    let all = [
        count(counts.gates, WAITING, "gate"),
        count(counts.rollouts, CANARY, "rollout"),
        count(counts.failed, FAILED, "failed"),
    ];
    all.into_iter().flatten().collect()
}

/// The first source that has trouble, and how many more have.
fn trouble(scene: &Scene<'_>) -> Option<Line<'static>> {
    let mut problems = problems(scene);
    let first = problems.next()?;
    let since = first.since.map(|at| format!(", {}", format::age(crate::clock::since(at, scene.now()))));
    let others = problems.count();
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let words = format!("{} {}{}{more}", first.source, kind(first.kind), since.unwrap_or_default());
    Some(Line::from(vec![scene.mark(ATTENTION), Span::raw(" "), scene.span(Role::Caution, words)]))
}

fn problems<'a>(scene: &Scene<'a>) -> impl Iterator<Item = &'a Problem> {
    scene.store().sources().values().filter_map(|state| state.problem.as_ref())
}

const fn kind(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Unreachable => "does not answer",
        ProblemKind::Unauthorized => "does not accept the token",
        ProblemKind::Forbidden => "does not allow it",
        ProblemKind::NotFound => "is not there",
        ProblemKind::RateLimited => "was asked too often",
        ProblemKind::Server => "fails",
        ProblemKind::Malformed => "answers what cannot be read",
        ProblemKind::Unsupported => "cannot do it",
        ProblemKind::Internal => "failed here",
        ProblemKind::Unknown => "has trouble",
    }
}

/// When the header changes by itself.
pub(super) fn next_change(scene: &Scene<'_>) -> Option<Timestamp> {
    let mut next = Next::new(scene.now());
    next.age(problems(scene).next().and_then(|problem| problem.since));
    next.at()
}

/// The tabs: a key, a name, a count.
fn tabs<'a>(
    scene: &'a Scene<'_>,
    panes: &'a [Box<dyn Pane>],
    keymap: &'a Keymap,
) -> impl Iterator<Item = (PaneKind, Line<'static>)> + 'a {
    panes.iter().map(move |pane| {
        let kind = pane.kind();
        let key = keymap.shown(Section::Global, Command::View(View::Pane(kind)));
        let key = key.map(|(_, key)| key.label(scene.look.glyphs));
        let mut spans =
            vec![scene.span(Role::Dim, key.unwrap_or_default()), Span::raw(" "), scene.span(Role::Dim, kind.title())];
        if let Some((count, role)) = pane.count(&scene.world).filter(|(count, _)| *count > 0) {
            spans.extend([Span::raw(" "), scene.span(role, count.to_string())]);
        }
        (kind, Line::from(spans))
    })
}

/// Columns between two tabs.
const GAP: u16 = 3;

/// Draws the tabs, the present one accented.
pub(super) fn draw_tabs(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    panes: &[Box<dyn Pane>],
    current: usize,
    keymap: &Keymap,
) {
    let mut x = area.x + 1;
    for (at, (_, mut tab)) in tabs(scene, panes, keymap).enumerate() {
        if at == current {
            tab.spans[0].style = scene.style(Role::Accent);
            tab.spans[2].style = scene.style(Role::Heading);
        }
        let width = u16::try_from(tab.width()).unwrap_or(0);
        if x + width > area.right() {
            break;
        }
        buffer.set_line(x, area.y, &tab, width);
        x += width + GAP;
    }
}

/// The tab under column `x`.
pub(super) fn tab_at(
    scene: &Scene<'_>,
    panes: &[Box<dyn Pane>],
    keymap: &Keymap,
    area: Rect,
    x: u16,
) -> Option<PaneKind> {
    let mut from = area.x + 1;
    for (kind, tab) in tabs(scene, panes, keymap) {
        let to = from + u16::try_from(tab.width()).unwrap_or(0);
        if (from.saturating_sub(1)..=to).contains(&x) {
            return Some(kind);
        }
        from = to + GAP;
    }
    None
}
