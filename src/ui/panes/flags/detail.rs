//! The selected flag: what it does, each environment with who set it and when, and for whom it is on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Flags, matrix};
use crate::clock::since;
use crate::domain::flag::{Flag, FlagState};
use crate::domain::rollout::Weight;
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{ATTENTION, UNKNOWN};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};
use crate::ui::widgets::wrap::wrap;

/// How wide the labels are.
const LABEL: usize = 12;

impl Flags {
    /// The detail, as high as what there is to say.
    pub(super) fn draw_detail(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Seen<Flag>) {
        if area.height < 3 {
            return;
        }
        let flag = &seen.value;
        let state = self.column.as_ref().and_then(|name| flag.environments.iter().find(|state| state.name == *name));
        let width = usize::from(area.width).saturating_sub(4 + LABEL);
        let lines = match state.filter(|_| self.targeting) {
            Some(state) => targeting(scene, seen, state, width),
            None => self.facts(scene, flag, width),
        };
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
        let mut title = vec![scene.span(Role::Heading, flag.key.to_string())];
        if let Some(state) = state.filter(|_| self.targeting) {
            title.push(scene.span(Role::Dim, " · targeting in "));
            title.push(scene.span(Role::Danger, state.name.to_string()));
        }
        let overdue = scene.store().overdue(&seen.source, seen.at, scene.now()).is_some();
        let role = if overdue { Role::Stale } else { Role::Dim };
        let about = scene.span(role, format!("seen by {} {}", seen.source, format::ago(seen.at, scene.now())));
        let inside = panel(scene, buffer, Rect { height, ..area }, title.into(), about.into());
        let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
        for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
            buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
        }
        if overdue {
            buffer.set_style(content, scene.style(Role::Stale).remove_modifier(Modifier::BOLD));
        }
    }

    fn facts(&self, scene: &Scene<'_>, flag: &Flag, width: usize) -> Vec<Line<'static>> {
        let read = vec![scene.span(Role::Text, matrix::services(flag))];
        let mut lines = Vec::new();
        if let Some(description) = &flag.description {
            lines.extend(folded(scene, "does", description.as_str(), width));
        }
        lines.extend([labelled(scene, "kind", kind(scene, flag)), labelled(scene, "read by", read)]);
        for state in flag.environments.iter().rev() {
            let here = self.column.as_ref() == Some(&state.name);
            lines.push(environment(scene, state, here));
        }
        lines
    }
}

/// What the flag is for, and whether it still decides anything.
fn kind(scene: &Scene<'_>, flag: &Flag) -> Vec<Span<'static>> {
    let mut words = vec![scene.span(Role::Text, matrix::kind(flag))];
    if let Some(at) = matrix::old_since(flag, scene.now()) {
        let age = format::age(since(at, scene.now()));
        let old = format!(" the same for everybody everywhere for {age}: it can go");
        words.extend([Span::raw("  "), scene.mark(ATTENTION), scene.span(ATTENTION.role, old)]);
    }
    words
}

fn labelled(scene: &Scene<'_>, label: &str, words: Vec<Span<'static>>) -> Line<'static> {
    let label = format!("{}{}", format::cut(label, LABEL - 1), " ".repeat(LABEL.saturating_sub(format::width(label))));
    let mut line = Line::from(scene.span(Role::Dim, label));
    line.spans.extend(words);
    line
}

fn folded(scene: &Scene<'_>, label: &str, words: &str, width: usize) -> Vec<Line<'static>> {
    let lines = wrap(words, width).into_iter().enumerate();
    lines
        .map(|(at, words)| labelled(scene, if at == 0 { label } else { "" }, vec![scene.span(Role::Text, words)]))
        .collect()
}

/// `production  ◐ on for 20 %, 2 variants  set by anna 10:18:00, 4 h ago`.
fn environment(scene: &Scene<'_>, state: &FlagState, here: bool) -> Line<'static> {
    let by = state.changed_by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
    let when = state.changed_at.map(|at| format!(" {}, {}", scene.exact(at), format::ago(at, scene.now())));
    let set = if by.is_empty() && when.is_none() {
        "  never changed".to_owned()
    } else {
        format!("  set{by}{}", when.unwrap_or_default())
    };
    let role = if here { Role::Strong } else { Role::Text };
    let split = matrix::split(state).map(|(_, long)| format!(", {long}")).unwrap_or_default();
    let words =
        vec![scene.mark(matrix::mark(state)), scene.span(role, format!(" {state}{split}")), scene.span(Role::Dim, set)];
    labelled(scene, &state.name.visible(), words)
}

/// For whom the flag is on, and what of it the source does not tell.
fn targeting(scene: &Scene<'_>, seen: &Seen<Flag>, state: &FlagState, width: usize) -> Vec<Line<'static>> {
    let words = match (state.enabled, state.percent) {
        (false, _) => "nobody: the flag is off".to_owned(),
        (true, Some(Weight::ALL)) if state.segments.is_empty() => "everybody".to_owned(),
        (true, Some(Weight::ALL)) => "everybody in its segments".to_owned(),
        (true, Some(percent)) if !state.segments.is_empty() => {
            format!("{percent} of the targeting keys in its segments")
        }
        (true, Some(percent)) => format!("{percent} of the targeting keys"),
        (true, None) => format!("everybody, as far as {} tells", seen.source),
    };
    let stable = "a key stays on the side it is on: the share is found from the flag and the key, so that raising it only \
                  adds keys and lowering it only takes some away";
    let mut lines = vec![labelled(
        scene,
        "on for",
        vec![scene.mark(matrix::mark(state)), Span::raw(" "), scene.span(Role::Text, words)],
    )];
    lines.extend(folded(scene, "stable", stable, width));
    lines.push(list(scene, "variants", &state.variants, seen));
    lines.push(list(scene, "segments", &state.segments, seen));
    lines
}

fn list<T: ToString>(scene: &Scene<'_>, label: &str, texts: &[T], seen: &Seen<Flag>) -> Line<'static> {
    if texts.is_empty() {
        let words = scene.span(UNKNOWN.role, format!("missing: {} tells none", seen.source));
        return labelled(scene, label, vec![scene.mark(UNKNOWN), Span::raw(" "), words]);
    }
    let told = texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    labelled(scene, label, vec![scene.span(Role::Text, told)])
}
