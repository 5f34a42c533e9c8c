//! The verdict metric by metric: value, baseline, condition, limit, samples.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::domain::rollout::{Metric, Verdict, VerdictState};
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::panel;
use crate::ui::widgets::table::{Column, Row, Table, Width};

/// Draws the table.
///
/// ```text
///   METRIC       STABLE  CANDIDATE   CHANGE  NEEDS     LIMIT   SAMPLES  VERDICT
///   latency p95  181 ms     184 ms   +1.7 %  ≤ +10 %  199 ms    10 214  ✓ pass
/// ```
pub fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, verdict: &Verdict) {
    let mark = glyphs::verdict(verdict.state);
    let score = verdict.score.map(|score| format!(" {score} of 100")).unwrap_or_default();
    let without = verdict.metrics.iter().filter(|metric| metric.state == VerdictState::NoData).count();
    let few = verdict.metrics.iter().any(|metric| metric.state == VerdictState::NoData && metric.samples > 0);
    let lacks = if few { "with too few samples" } else { "without data" };
    let missing = (without > 0).then(|| format!(" · {} {lacks}", format::plural(without as u64, "metric")));
    let about = vec![
        scene.mark(mark),
        scene.span(mark.role, format!(" {}{score}", words(verdict.state))),
        scene.span(Role::Dim, missing.unwrap_or_default()),
    ];
    let inside = panel(scene, buffer, area, scene.span(Role::Heading, "Verdict").into(), about.into());
    let columns = [
        Column::new("METRIC", Width::Fit(11, 24)),
        Column::right("STABLE", Width::Fit(7, 11)),
        Column::right("CANDIDATE", Width::Fit(9, 11)),
        Column::right("CHANGE", Width::Fit(7, 9)),
        Column::new("NEEDS", Width::Fit(7, 14)),
        Column::right("LIMIT", Width::Fit(6, 11)),
        Column::right("SAMPLES", Width::Fit(7, 10)),
        Column::new("VERDICT", Width::Rest(8)),
    ];
    let window = 0..verdict.metrics.len();
    let table = Table { columns: &columns, window, selected: None, headings: true };
    table.draw(scene, buffer, Rect { width: inside.width.saturating_sub(1), ..inside }, |at| {
        verdict.metrics.get(at).map(|metric| row(scene, metric)).unwrap_or_default()
    });
}

fn words(state: VerdictState) -> String {
    state.as_str().replace('_', " ")
}

/// What was found; of little it says so.
fn found(metric: &Metric) -> String {
    let few = metric.state == VerdictState::NoData && metric.samples > 0;
    if few { "too few".into() } else { words(metric.state) }
}

fn row(scene: &Scene<'_>, metric: &Metric) -> Row<'static> {
    let value = |value: Option<f64>| {
        let told = value.map(|value| format!("{} {}", format::number(value), metric.unit));
        told.unwrap_or_else(|| "—".into())
    };
    let cell = |role, words: String| Line::from(scene.span(role, words));
    let mark = glyphs::verdict(metric.state);
    let role = if metric.state == VerdictState::Pass { Role::Text } else { mark.role };
    Row {
        cells: vec![
            cell(Role::Text, metric.name.to_string()),
            cell(Role::Stable, value(metric.stable)),
            cell(role, value(metric.candidate)),
            cell(Role::Text, change(metric)),
            cell(Role::Dim, metric.condition.to_string()),
            cell(Role::Limit, value(metric.limit)),
            cell(Role::Dim, format::grouped(metric.samples)),
            vec![scene.mark(mark), Span::raw(" "), scene.span(mark.role, found(metric))].into(),
        ],
        stale: false,
    }
}

/// How the candidate differs from the stable release: by points for a percentage, else by percent.
fn change(metric: &Metric) -> String {
    let (Some(stable), Some(candidate)) = (metric.stable, metric.candidate) else { return "—".into() };
    if metric.unit.as_str() == "%" {
        return format!("{:+.2}", candidate - stable);
    }
    if stable.abs() < f64::EPSILON { "—".into() } else { format!("{:+.1} %", (candidate - stable) * 100.0 / stable) }
}
