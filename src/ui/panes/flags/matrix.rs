//! The matrix: a row a flag, a column an environment.

use jiff::SignedDuration;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Flags, Key};
use crate::clock::{Timestamp, since};
use crate::domain::flag::{Flag, FlagState};
use crate::domain::ids::EnvironmentName;
use crate::domain::rollout::Weight;
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{self, ATTENTION, Mark};
use crate::ui::panes::filtering::narrowed;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// From this many columns on the services that read a flag are told in the matrix.
const WIDE: u16 = 110;

/// What a flag is for, in words.
pub fn kind(flag: &Flag) -> String {
    if flag.kill_switch { "kill switch".into() } else { flag.kind.as_str().replace('_', " ") }
}

/// How long a flag that decides nothing any more stays without a mark, in days.
const OLD: i64 = 30;

/// Since when a flag has decided nothing, where that is long enough to be marked.
pub fn old_since(flag: &Flag, now: Timestamp) -> Option<Timestamp> {
    flag.settled_at().filter(|at| now.duration_since(*at) > SignedDuration::from_hours(OLD * 24))
}

/// The state that was changed last.
pub fn newest(flag: &Flag) -> Option<&FlagState> {
    flag.environments.iter().filter(|state| state.changed_at.is_some()).max_by_key(|state| state.changed_at)
}

/// The sign of a state: on for all, on for some, off.
pub fn mark(state: &FlagState) -> Mark {
    match (state.enabled, state.percent) {
        (false, _) => glyphs::IDLE,
        (true, Some(percent)) if percent < Weight::ALL => glyphs::CANARY,
        (true, _) if !state.segments.is_empty() => glyphs::CANARY,
        (true, _) => glyphs::SERVING,
    }
}

/// `on`, `20 %`, `off`.
fn words(state: &FlagState) -> String {
    match (state.enabled, state.percent) {
        (false, _) => "off".into(),
        (true, Some(percent)) if percent < Weight::ALL => percent.to_string(),
        (true, _) => "on".into(),
    }
}

impl Flags {
    /// The matrix, or what would be here.
    ///
    /// ```text
    ///   FLAG           KIND           DEV     STAGING  PRODUCTION  LAST CHANGE
    /// ▌ card-payments  ▲ kill switch  ● on    ● on     ›● on       anna, 4 h ago in production
    ///   new-price      release        ● on    ● on      ◐ 20 %     anna, 4 h ago in production
    ///   pay-button     experiment     ● on    ● on      ◐ 20 % 2v 1s  ben, 20 m ago in production
    /// ```
    pub(super) fn draw_matrix(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, rows: &[Key]) {
        let filter = narrowed(&self.filter);
        let all = scene.store().flag_count();
        let about = scene.span(Role::Dim, format!("{filter}{} of {all}", rows.len())).into();
        let inside = panel(scene, buffer, area, scene.span(Role::Heading, "Flags").into(), about);
        if rows.is_empty() {
            return self.draw_empty(scene, buffer, inside);
        }
        let names = self.names(scene.store());
        let titles: Vec<_> = names.iter().map(|name| format!(" {}", name.visible().to_uppercase())).collect();
        let wide = area.width >= WIDE;
        let mut columns = vec![
            Column::new("FLAG", Width::Fit(8, if wide { 32 } else { 20 })),
            Column::new("KIND", Width::Fit(7, 13)),
        ];
        if wide {
            columns.push(Column::new("READ BY", Width::Fit(8, 24)));
        }
        columns.extend(titles.iter().map(|title| Column::new(title, Width::Fit(6, 18))));
        columns.push(Column::new(if wide { "LAST CHANGE" } else { "CHANGED" }, Width::Rest(11)));
        columns.push(Column::right("", Width::Fit(0, 6)));
        let window = self.list.window(rows.len());
        let table = Table { columns: &columns, window, selected: Some(self.list.at()), headings: true };
        let body = Rect { width: inside.width.saturating_sub(1), ..inside };
        table.draw(scene, buffer, body, |at| {
            let selected = at == self.list.at();
            let seen = rows.get(at).and_then(|(source, key)| scene.store().flag(source, key));
            seen.map(|seen| self.row(scene, seen, &names, selected, wide)).unwrap_or_default()
        });
    }

    fn row(
        &self,
        scene: &Scene<'_>,
        seen: &Seen<Flag>,
        names: &[EnvironmentName],
        selected: bool,
        wide: bool,
    ) -> Row<'static> {
        let flag = &seen.value;
        let overdue = scene.store().overdue(&seen.source, seen.at, scene.now());
        let name = if selected { Role::Strong } else { Role::Text };
        let mut cells = vec![Line::from(scene.span(name, flag.key.to_string())), kind_cell(scene, flag)];
        if wide {
            cells.push(scene.span(Role::Dim, services(flag)).into());
        }
        for column in names {
            let here = selected && self.column.as_ref() == Some(column);
            let state = flag.environments.iter().find(|state| state.name == *column);
            cells.push(cell(scene, state, here));
        }
        cells.push(scene.span(Role::Dim, changed(scene, flag, wide)).into());
        cells.push(overdue.map(|age| Line::from(format!("? {age}"))).unwrap_or_default());
        Row { cells, stale: overdue.is_some() }
    }

    fn draw_empty(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect) {
        let words = if self.filter.text().is_empty() {
            "no flag is known; those that a source keeps appear here, in every environment; r asks the sources"
                .to_owned()
        } else {
            format!("no flag matches /{}; Esc shows all", self.filter.text())
        };
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(area.width.saturating_sub(3)));
        buffer.set_line(area.x + 2, area.y + 1, &line, area.width.saturating_sub(3));
    }
}

/// The services that read a flag.
pub fn services(flag: &Flag) -> String {
    if flag.services.is_empty() {
        return "—".into();
    }
    flag.services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn kind_cell(scene: &Scene<'_>, flag: &Flag) -> Line<'static> {
    let old = if old_since(flag, scene.now()).is_some() { "old " } else { "" };
    if !flag.kill_switch && old.is_empty() {
        return scene.span(Role::Dim, kind(flag)).into();
    }
    vec![scene.mark(ATTENTION), scene.span(ATTENTION.role, format!(" {old}{}", kind(flag)))].into()
}

fn cell(scene: &Scene<'_>, state: Option<&FlagState>, here: bool) -> Line<'static> {
    let cursor = if here { scene.span(Role::Accent, "›") } else { Span::raw(" ") };
    let Some(state) = state else { return vec![cursor, scene.span(Role::Dim, "—")].into() };
    let mark = mark(state);
    let role = if here { Role::Strong } else { Role::Text };
    let mut spans = vec![cursor, scene.mark(mark), scene.span(role, format!(" {}", words(state)))];
    spans.extend(split(state).map(|(short, _)| scene.span(Role::Dim, format!(" {short}"))));
    spans.into()
}

/// Into how many variants and for how many segments it is on, where there are any: `2v 1s`, and `2 variants, 1 segment`.
pub fn split(state: &FlagState) -> Option<(String, String)> {
    let counts = [(state.variants.len(), "variant"), (state.segments.len(), "segment")];
    let told: Vec<_> = counts.into_iter().filter(|(count, _)| *count > 0 && state.enabled).collect();
    let short: Vec<_> = told.iter().map(|(count, noun)| format!("{count}{}", &noun[..1])).collect();
    let long: Vec<_> = told.iter().map(|(count, noun)| format::plural(*count as u64, noun)).collect();
    (!told.is_empty()).then(|| (short.join(" "), long.join(", ")))
}

/// `anna, 4 h ago in production`; in little room `4 h, anna`.
fn changed(scene: &Scene<'_>, flag: &Flag, wide: bool) -> String {
    let Some((state, at)) = newest(flag).and_then(|state| Some((state, state.changed_at?))) else {
        return "never".into();
    };
    let age = format::age(since(at, scene.now()));
    match (&state.changed_by, wide) {
        (Some(who), true) => format!("{who}, {} in {}", format::ago(at, scene.now()), state.name),
        (Some(who), false) => format!("{age}, {who}"),
        (None, true) => format!("{} in {}", format::ago(at, scene.now()), state.name),
        (None, false) => age,
    }
}
