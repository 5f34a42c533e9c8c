//! The list of commits, or what would be here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Changes, Part, WIDE};
use crate::clock::since;
use crate::domain::change::{self, Commit};
use crate::domain::environment::Environment;
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::ATTENTION;
use crate::ui::panes::filtering::narrowed;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, framed};
use crate::ui::widgets::table::{Column, Row, Table, Width};
use crate::ui::widgets::wrap::wrap;

impl Changes {
    /// The commits.
    ///
    /// ```text
    /// ╭ payments ──────────────────────────── 3 changes · 3 files · ▲ 1 migration ─╮
    /// │ production v1.9.1 lacks what staging v1.9.2 has                            │
    /// │  COMMIT   TITLE                                           AUTHOR      MADE │
    /// │▌ 51f00dd  Accept SEPA instant            ▲ migration      ben          2 h │
    /// ```
    pub(super) fn draw_commits(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, rows: &[usize]) {
        let seen = self.known(scene.store());
        let border = if self.part == Part::Commits { Role::Accent } else { Role::Chrome };
        let title = self.service.as_ref().map_or_else(|| "Changes".into(), ToString::to_string);
        let about = seen.map(|seen| self.about(scene, seen, rows.len())).unwrap_or_default();
        let inside = framed(scene, buffer, area, scene.span(Role::Heading, title).into(), about, border);
        let line = Rect { x: inside.x + 2, width: inside.width.saturating_sub(3), height: 1, ..inside };
        if let Some((from, to)) = self.sides(scene.store()) {
            buffer.set_line(line.x, line.y, &cut_line(sides(scene, from, to), usize::from(line.width)), line.width);
        }
        let body = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
        if rows.is_empty() {
            let lines = wrap(&self.nothing(scene), usize::from(line.width));
            for (words, y) in lines.into_iter().zip(body.y + 1..body.bottom()) {
                buffer.set_stringn(line.x, y, words, usize::from(line.width), scene.style(Role::Dim));
            }
            return;
        }
        let overdue = seen.is_some_and(|seen| scene.store().overdue(&seen.source, seen.at, scene.now()).is_some());
        self.draw_table(scene, buffer, Rect { width: body.width.saturating_sub(1), ..body }, rows, overdue);
    }

    fn draw_table(&self, scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, rows: &[usize], stale: bool) {
        let wide = area.width + 3 >= WIDE;
        let mut columns = vec![Column::new("COMMIT", Width::Fixed(7)), Column::new("TITLE", Width::Rest(20))];
        columns.push(Column::new("", Width::Fit(0, if wide { 24 } else { 17 })));
        if wide {
            columns.push(Column::right("FILES", Width::Fit(5, 6)));
        }
        columns.extend([
            Column::new("AUTHOR", Width::Fit(6, if wide { 20 } else { 12 })),
            Column::right("MADE", Width::Fixed(4)),
        ]);
        let window = self.commits.window(rows.len());
        let table = Table { columns: &columns, window, selected: Some(self.commits.at()), headings: true };
        table.draw(scene, buffer, area, |at| {
            let selected = at == self.commits.at();
            let commit = rows.get(at).and_then(|at| self.commits(scene.store()).get(*at));
            commit.map(|commit| Row { cells: cells(scene, commit, selected, wide), stale }).unwrap_or_default()
        });
    }

    /// `/sepa · 1 of 3 changes · 3 files · ▲ 1 migration · ▲ 1 flag`.
    fn about(&self, scene: &Scene<'_>, seen: &Seen<change::Changes>, shown: usize) -> Line<'static> {
        let changes = &seen.value;
        let mut spans = Vec::new();
        if scene.store().overdue(&seen.source, seen.at, scene.now()).is_some() {
            spans.push(scene.span(Role::Stale, format!("seen {} · ", format::ago(seen.at, scene.now()))));
        }
        let filter = narrowed(&self.filter);
        if !filter.is_empty() {
            spans.push(scene.span(Role::Dim, format!("{filter}{shown} of ")));
        }
        spans.push(scene.span(Role::Dim, format::plural(changes.count(), "change")));
        if let Some(files) = changes.file_count() {
            spans.push(scene.span(Role::Dim, format!(" · {}", format::plural(files, "file"))));
        }
        let flags = scene.store().flags_named(changes).len() as u64;
        for (count, noun) in [(changes.migrations().count() as u64, "migration"), (flags, "flag")] {
            if count > 0 {
                let words = format!(" {}", format::plural(count, noun));
                spans.push(scene.span(Role::Dim, " · "));
                spans.extend([scene.mark(ATTENTION), scene.span(ATTENTION.role, words)]);
            }
        }
        spans.into()
    }

    /// What would be here, and why it is not.
    fn nothing(&self, scene: &Scene<'_>) -> String {
        let store = scene.store();
        let Some(service) = self.service(store) else {
            return "no service is known yet; r asks the sources now".into();
        };
        let Some((from, to)) = self.sides(store) else {
            return format!("{} has fewer than two environments: nothing lies between", service.value.name);
        };
        if let Some(empty) = [from, to].into_iter().find(|side| side.release.is_none()) {
            return format!("nothing was ever put into {}; [ and ] choose other environments", empty.name);
        }
        let Some(seen) = self.known(store) else {
            let problem = store.sources().get(&service.source).and_then(|state| state.problem.as_ref());
            return match problem {
                Some(problem) => format!("not told by {}: {}", service.source, problem.message),
                None => format!("asking {} what {} lacks", service.source, from.name),
            };
        };
        if seen.value.commits.is_empty() {
            return format!("{} has everything that {} has; [ and ] choose other environments", from.name, to.name);
        }
        format!("no change matches /{}; Esc shows all", self.filter.text())
    }
}

/// `production v1.9.1 lacks what staging v1.9.2 has`.
fn sides(scene: &Scene<'_>, from: &Environment, to: &Environment) -> Line<'static> {
    let side = |environment: &Environment| {
        let version = environment.release.as_ref().map(|release| format!(" {}", release.version));
        let name = scene.span(Role::Strong, environment.name.to_string());
        [name, scene.span(Role::Text, version.unwrap_or_default())]
    };
    let mut line = Line::from(side(from).to_vec());
    line.push_span(scene.span(Role::Dim, " lacks what "));
    line.spans.extend(side(to));
    line.push_span(scene.span(Role::Dim, " has"));
    line
}

fn cells(scene: &Scene<'_>, commit: &Commit, selected: bool, wide: bool) -> Vec<Line<'static>> {
    let title = if selected { Role::Strong } else { Role::Text };
    let made = commit.at.map(|at| format::age(since(at, scene.now()))).unwrap_or_default();
    let mut cells = vec![
        scene.span(Role::Dim, commit.short().to_owned()).into(),
        scene.span(title, commit.title.to_string()).into(),
        looks(scene, commit),
    ];
    if wide {
        let files = commit.file_count().map_or_else(|| "?".into(), |count| count.to_string());
        cells.push(scene.span(Role::Dim, files).into());
    }
    cells.extend([scene.span(Role::Text, commit.author.to_string()).into(), scene.span(Role::Dim, made).into()]);
    cells
}

/// Why a commit deserves a second look: `▲ migration, flag`.
fn looks(scene: &Scene<'_>, commit: &Commit) -> Line<'static> {
    let flag = scene.store().flags_of(commit).next().is_some();
    let words = match (commit.migrates(), flag) {
        (true, true) => "migration, flag",
        (true, false) => "migration",
        (false, true) => "flag",
        (false, false) => return Line::default(),
    };
    vec![scene.mark(ATTENTION), Span::styled(format!(" {words}"), scene.style(ATTENTION.role))].into()
}
