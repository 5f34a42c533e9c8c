//! Drawing the board's list.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::cells::{self, Room};
use super::{Board, Selected};
use crate::domain::ids::ServiceName;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel;
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// Under this many columns the newest run is told by its telling stage alone.
const WIDE: u16 = 100;

impl Board {
    /// The list, its columns and its rows.
    ///
    /// ```text
    ///   SERVICE    LATEST RUN                     DEV      STAGING  PRODUCTION                  AGE
    /// ▌ checkout   ✓ build  ✓ test  ✓ release     v2.14.0  v2.14.0  ◐ v2.14.0 ━━──────  25 %
    /// ```
    pub(super) fn draw_list(
        &self,
        scene: &Scene<'_>,
        frame: &mut Frame<'_>,
        area: Rect,
        rows: &[ServiceName],
        width: u16,
    ) {
        let environments = scene.store().environments();
        let titles: Vec<String> = environments.iter().map(|name| name.visible().to_uppercase()).collect();
        let wide = width >= WIDE;
        let (service, run) = if wide { ((10, 28), (24, 44)) } else { ((8, 18), (10, 16)) };
        let mut columns = vec![
            Column::new("SERVICE", Width::Fit(service.0, service.1)),
            Column::new(if wide { "LATEST RUN" } else { "RUN" }, Width::Fit(run.0, run.1)),
        ];
        let last = titles.len().saturating_sub(1);
        for (at, title) in titles.iter().enumerate() {
            columns.push(Column::new(title, if at == last { Width::Rest(12) } else { Width::Fit(8, 26) }));
        }
        columns.push(Column::right("AGE", Width::Fixed(6)));
        let table = Table {
            columns: &columns,
            window: self.list.window(rows.len()),
            selected: Some(self.list.at()),
            headings: true,
        };
        let inside = Rect { width: area.width.saturating_sub(1), ..area };
        table.draw(scene, frame.buffer_mut(), inside, |at| {
            let selected = at == self.list.at();
            let seen = rows.get(at).and_then(|name| scene.store().service(name));
            seen.map(|seen| self.row(scene, seen, selected, wide)).unwrap_or_default()
        });
    }

    fn row<'a>(&self, scene: &Scene<'a>, seen: Selected<'a>, selected: bool, wide: bool) -> Row<'a> {
        let environments = scene.store().environments();
        let overdue = scene.store().overdue(&seen.source, seen.at, scene.now());
        let name = if selected { Role::Strong } else { Role::Text };
        let mut cells =
            vec![Line::from(scene.span(name, seen.value.name.visible())), cells::run(scene, &seen.value, wide)];
        for (at, column) in environments.iter().enumerate() {
            let room = match (at + 1 == environments.len(), wide) {
                (false, _) => Room::Short,
                (true, false) => Room::Narrow,
                (true, true) => Room::Full,
            };
            let environment = seen.value.environment(column);
            let mut cell =
                environment.map(|environment| cells::environment(scene, environment, room)).unwrap_or_default();
            if selected && self.column.as_ref() == Some(column) {
                cell.spans.insert(0, scene.span(Role::Accent, "›"));
            }
            cells.push(cell);
        }
        cells.push(overdue.map(|age| Line::from(format!("? {age}"))).unwrap_or_default());
        Row { cells, stale: overdue.is_some() }
    }

    /// What would be here, and how it comes.
    pub(super) fn draw_empty(&self, scene: &Scene<'_>, frame: &mut Frame<'_>, area: Rect) {
        let topology = scene.store().topology();
        let words = if !self.filter.text().is_empty() {
            format!("no service matches /{}; Esc shows all", self.filter.text())
        } else if topology.sources.is_empty() {
            "no source is configured: add one under [[sources]], or run `leverframe demo`".to_owned()
        } else {
            "no service is known yet; r asks the sources now".to_owned()
        };
        let line = panel::cut_line(scene.span(Role::Dim, words).into(), usize::from(area.width.saturating_sub(3)));
        frame.buffer_mut().set_line(area.x + 2, area.y + 1, &line, area.width.saturating_sub(3));
    }
}
