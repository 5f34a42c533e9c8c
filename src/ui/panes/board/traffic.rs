//! What a service's traffic says: errors and latency side by side, and the verdict with its numbers.

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::detail::labelled;
use crate::domain::environment::Environment;
use crate::domain::ids::Place;
use crate::domain::rollout::VerdictState;
use crate::domain::service::Service;
use crate::domain::signal::{Series, Signals};
use crate::ui::format;
use crate::ui::glyphs;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::spark::spark;

/// The environment whose traffic is worth looking at: one with a rollout under way, else production.
pub fn place(service: &Service) -> Option<&Environment> {
    let moving = |environment: &&Environment| environment.rollout.as_ref().is_some_and(|r| r.phase.under_way());
    let all = || service.environments.iter().rev();
    all().find(moving).or_else(|| all().find(|environment| environment.release.is_some()))
}

/// What is measured and judged there.
pub fn signals(scene: &Scene<'_>, service: &Service, environment: &Environment) -> Vec<Line<'static>> {
    let place = Place { service: service.name.clone(), environment: environment.name.clone() };
    let mut lines = Vec::new();
    if let Some(seen) = scene.store().signals(&place) {
        lines.extend(measured(scene, &seen.value));
    }
    if let Some(verdict) = environment.rollout.as_ref().and_then(|rollout| rollout.verdict.as_ref()) {
        let mark = glyphs::verdict(verdict.state);
        let score = verdict.score.map(|score| format!(" {score} of 100")).unwrap_or_default();
        let mut words = vec![scene.mark(mark), Span::raw(" ")];
        words.push(Span::styled(word(verdict.state), scene.style(mark.role).add_modifier(Modifier::BOLD)));
        words.push(scene.span(Role::Dim, score));
        for metric in &verdict.metrics {
            let value = |value: Option<f64>| value.map_or_else(|| "—".into(), format::number);
            let role = if metric.state == VerdictState::Pass { Role::Text } else { glyphs::verdict(metric.state).role };
            words.push(scene.span(Role::Dim, format!("   {} ", metric.name)));
            words.push(
                scene.span(role, format!("{} → {} {}", value(metric.stable), value(metric.candidate), metric.unit)),
            );
        }
        lines.push(labelled(scene, "verdict", words));
    }
    lines
}

const fn word(state: VerdictState) -> &'static str {
    match state {
        VerdictState::NoData => "no data yet",
        other => other.as_str(),
    }
}

/// Both sides' errors and latency over the span that is known, and the requests in it.
fn measured(scene: &Scene<'_>, signals: &Signals) -> Option<Line<'static>> {
    let sides: Vec<Measure> = signals.series.iter().filter_map(Measure::of).collect();
    let requests: u64 = sides.iter().map(|side| side.requests).sum();
    if requests == 0 {
        return None;
    }
    let many = sides.len() > 1;
    let mut words = vec![scene.span(Role::Dim, "errors ")];
    words.extend(side_by_side(scene, &sides, |side| Some(format::percent(side.errors))));
    words.push(scene.span(Role::Dim, "   p95 "));
    words.extend(side_by_side(scene, &sides, |side| side.p95_ms.map(|ms| format!("{} ms", format::number(ms)))));
    words.push(scene.span(Role::Dim, format!("   {} requests   ", format::count(requests))));
    let trend = if many { sides.last() } else { sides.first() };
    if let Some(side) = trend {
        let role = if many { Role::Candidate } else { Role::Stable };
        words.push(scene.span(role, spark(&side.trend, 16)));
    }
    Some(labelled(scene, "signals", words))
}

fn side_by_side(
    scene: &Scene<'_>,
    sides: &[Measure],
    value: impl Fn(&Measure) -> Option<String>,
) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    for (at, side) in sides.iter().enumerate() {
        if at > 0 {
            spans.push(scene.span(Role::Dim, " → "));
        }
        let role = if at + 1 == sides.len() && at > 0 { Role::Candidate } else { Role::Text };
        spans.push(scene.span(role, value(side).unwrap_or_else(|| "—".into())));
    }
    spans
}

/// One side over the whole span.
struct Measure {
    requests: u64,
    errors: f64,
    p95_ms: Option<f64>,
    trend: Vec<Option<f64>>,
}

impl Measure {
    #[expect(clippy::cast_precision_loss, reason = "counts of requests in minutes stay far below 2^52")]
    fn of(series: &Series) -> Option<Self> {
        let requests: u64 = series.points.iter().map(|point| point.requests).sum();
        let errors: u64 = series.points.iter().map(|point| point.errors).sum();
        (requests > 0).then(|| Self {
            requests,
            errors: errors as f64 * 100.0 / requests as f64,
            p95_ms: series.points.iter().rev().find_map(|point| point.p95_ms),
            trend: series.points.iter().map(|point| point.p95_ms).collect(),
        })
    }
}
