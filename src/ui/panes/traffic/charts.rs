//! What both sides measure over time, side by side, with the limit of the verdict across.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::Moves;
use crate::clock::{Timestamp, since};
use crate::domain::ids::Place;
use crate::domain::rollout::{Rollout, RolloutKind};
use crate::domain::signal::{Point, Series, Signals};
use crate::store::{Seen, Store};
use crate::ui::format;
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::chart::{Chart, Curve};
use crate::ui::widgets::panel::{cut_line, panel};

/// The least width of a chart, with the blanks beside it.
const WIDTH: u16 = 38;
/// The height from which on a second row of charts is drawn.
const TWO: u16 = 20;
/// The most height of a row of charts, with the frame.
const MOST: u16 = 14;
/// The same of two rows in a window that is high enough for more: a third of it each.
const HIGH: u16 = 60;
/// The most points of a curve.
const POINTS: usize = 2000;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Errors,
    P95,
    Requests,
    P99,
    P50,
}

/// What is drawn, in this order.
const MEASURES: [Measure; 5] = [Measure::Errors, Measure::P95, Measure::Requests, Measure::P99, Measure::P50];

impl Measure {
    /// Its name, as the verdict names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Errors => "error rate",
            Self::P95 => "latency p95",
            Self::Requests => "requests",
            Self::P99 => "latency p99",
            Self::P50 => "latency p50",
        }
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::Errors => "%",
            Self::Requests => "/s",
            _ => "ms",
        }
    }

    /// The value at point `at` of `points`. An error rate is that of the minute before it: of a few seconds it would
    /// jump between nothing and a lot.
    fn at(self, points: &[Point], at: usize, step_s: u32) -> Option<f64> {
        let point = points.get(at)?;
        match self {
            Self::Errors => {
                let minute = usize::try_from(60 / step_s.max(1)).unwrap_or(1).max(1);
                rate_of(&points[(at + 1).saturating_sub(minute)..=at])
            }
            Self::P95 => point.p95_ms,
            Self::Requests => Some(as_float(point.requests) / f64::from(step_s.max(1))),
            Self::P99 => point.p99_ms,
            Self::P50 => point.p50_ms,
        }
    }

    /// The value that is told in a number: an error rate over all that is known, else the newest.
    fn told(self, points: &[Point], step_s: u32) -> Option<f64> {
        match self {
            Self::Errors => rate_of(points),
            _ => (0..points.len()).rev().find_map(|at| self.at(points, at, step_s)),
        }
    }
}

/// Failed requests of all in percent.
fn rate_of(points: &[Point]) -> Option<f64> {
    let requests: u64 = points.iter().map(|point| point.requests).sum();
    let errors: u64 = points.iter().map(|point| point.errors).sum();
    (requests > 0).then(|| as_float(errors) * 100.0 / as_float(requests))
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests in minutes stay far below 2^52")]
const fn as_float(count: u64) -> f64 {
    count as f64
}

/// The measure after `first`.
pub const fn after(first: usize) -> usize {
    (first + 1) % MEASURES.len()
}

/// The measure before `first`.
pub const fn before(first: usize) -> usize {
    (first + MEASURES.len() - 1) % MEASURES.len()
}

/// How much of `room` the charts of a place take; without anything measured one line.
pub fn height(room: u16, store: &Store, place: &Place) -> u16 {
    let measured = store.signals(place).is_some_and(|known| measured(&known.value));
    let most = match room {
        HIGH.. => room / 3 * 2,
        TWO.. => 2 * MOST,
        _ => MOST,
    };
    room.min(if measured { most } else { 3 })
}

fn measured(signals: &Signals) -> bool {
    signals.series.iter().any(|series| !series.points.is_empty())
}

/// Draws as many measures as fit, from `first` on.
pub fn draw(scene: &Scene<'_>, buffer: &mut Buffer, area: Rect, seen: &Moves<'_>, first: usize) {
    let rollout = seen.value.2;
    let known = scene.store().signals(&seen.value.0);
    let title = if rollout.phase.under_way() && rollout.kind == RolloutKind::Canary {
        "Candidate against stable"
    } else {
        "Signals"
    };
    let overdue = known.is_some_and(|known| scene.store().overdue(&known.source, known.at, scene.now()).is_some());
    let about = match known {
        Some(known) if overdue => scene.span(Role::Stale, format!("seen {}", format::ago(known.at, scene.now()))),
        Some(known) => scene.span(Role::Dim, requests(&known.value)),
        None => Span::raw(""),
    };
    let inside = panel(scene, buffer, area, scene.span(Role::Heading, title).into(), about.into());
    let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    let Some(known) = known.filter(|known| measured(&known.value)) else {
        let words = "nothing is measured yet: errors, latency and requests appear here";
        let line = cut_line(scene.span(Role::Dim, words).into(), usize::from(content.width));
        buffer.set_line(content.x, content.y, &line, content.width);
        return;
    };
    for (nth, place) in places(content).into_iter().enumerate().take(MEASURES.len()) {
        let measure = MEASURES[(first + nth) % MEASURES.len()];
        draw_measure(scene, buffer, place, rollout, known, measure, overdue);
    }
    if overdue {
        buffer.set_style(content, scene.style(Role::Stale).remove_modifier(Modifier::BOLD));
    }
}

/// Cuts the room into charts side by side, and into two rows of them where it is high.
fn places(area: Rect) -> Vec<Rect> {
    let columns = (area.width / WIDTH).clamp(1, 3);
    let rows = if area.height + 2 >= TWO { 2 } else { 1 };
    let (width, height) = (area.width / columns, area.height.div_ceil(rows));
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    cells
        .map(|(column, row)| Rect {
            x: area.x + column * width,
            y: area.y + row * height,
            width: width - u16::from(columns > 1) * 2,
            height: height - (rows - 1),
        })
        .collect()
}

/// `40.8 k requests, 10.2 k to the candidate`.
fn requests(signals: &Signals) -> String {
    let of = |series: &Series| series.points.iter().map(|point| point.requests).sum::<u64>();
    let all: u64 = signals.series.iter().map(of).sum();
    let candidate = signals.series.iter().find(|series| series.track.as_str() == "candidate").map(of);
    let to = candidate.map(|count| format!(", {} to the candidate", format::count(count))).unwrap_or_default();
    format!("{} requests{to}", format::count(all))
}

/// How a series looks, and whether its line is dotted: whole is what one looks at, the candidate or the colour that
/// serves.
fn look(series: &Series, rollout: &Rollout) -> (Role, bool) {
    let track = series.track.as_str();
    if rollout.kind == RolloutKind::BlueGreen {
        let idle = rollout.idle.as_ref().is_some_and(|idle| idle.color.as_str() == track);
        return if idle { (Role::Idle, true) } else { (Role::Serving, false) };
    }
    if track == "candidate" { (Role::Candidate, false) } else { (Role::Stable, true) }
}

fn draw_measure(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    rollout: &Rollout,
    known: &Seen<Signals>,
    measure: Measure,
    overdue: bool,
) {
    let signals = &known.value;
    let metrics = rollout.verdict.iter().flat_map(|verdict| &verdict.metrics);
    let limit = metrics.filter(|metric| metric.name.as_str() == measure.name()).find_map(|metric| metric.limit);
    let points = || signals.series.iter().flat_map(|series| series.points.iter().map(|point| point.at));
    let (Some(from), Some(to)) = (points().min(), points().max()) else { return };
    let span = slots(from, to, signals.step_s);
    let curves: Vec<_> =
        signals.series.iter().map(|series| curve(series, rollout, measure, signals.step_s, (from, span))).collect();
    let long = head(scene, rollout, signals, measure, limit, true);
    let fits = long.width() <= usize::from(area.width);
    let line = if fits { long } else { head(scene, rollout, signals, measure, limit, false) };
    let line = cut_line(line, usize::from(area.width));
    buffer.set_line(area.x, area.y, &line, area.width);
    let minutes = since(from, to).as_secs().saturating_add(u64::from(signals.step_s)).div_ceil(60);
    let end = if overdue { format::ago(known.at, scene.now()) } else { "now".into() };
    let chart = Chart {
        curves: &curves,
        limit,
        unit: measure.unit(),
        from_zero: matches!(measure, Measure::Errors | Measure::Requests),
        ends: [format!("-{minutes} min"), end],
    };
    chart.draw(scene, buffer, Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area });
}

/// The points that fit between two times.
fn slots(from: Timestamp, to: Timestamp, step_s: u32) -> usize {
    let between = since(from, to).as_secs() / u64::from(step_s.max(1));
    usize::try_from(between).unwrap_or(POINTS).min(POINTS) + 1
}

fn curve(
    series: &Series,
    rollout: &Rollout,
    measure: Measure,
    step_s: u32,
    (from, count): (Timestamp, usize),
) -> Curve {
    let mut values = vec![None; count];
    for (at, point) in series.points.iter().enumerate() {
        let slot = slots(from, point.at, step_s) - 1;
        if let Some(value) = values.get_mut(slot) {
            *value = measure.at(&series.points, at, step_s);
        }
    }
    let (role, dotted) = look(series, rollout);
    Curve { values, role, dotted }
}

/// `error rate  ┄ stable 0.12 %  ─ candidate 0.14 %  ╌ limit 1 %`; in little room `error rate %  ┄ 0.12  ─ 0.14  ≤ 1`.
fn head(
    scene: &Scene<'_>,
    rollout: &Rollout,
    signals: &Signals,
    measure: Measure,
    limit: Option<f64>,
    long: bool,
) -> Line<'static> {
    let unit = measure.unit();
    let mut spans = vec![scene.span(Role::Heading, measure.name())];
    if !long {
        spans.push(scene.span(Role::Dim, format!(" {unit}")));
    }
    let written = |value: f64| if long { format!("{} {unit}", format::number(value)) } else { format::number(value) };
    for series in &signals.series {
        let words = measure.told(&series.points, signals.step_s).map_or_else(|| "—".into(), written);
        let (role, dotted) = look(series, rollout);
        let line = if dotted { "┄" } else { "─" };
        let name = if long { format!("{} ", series.track) } else { String::new() };
        spans.push(scene.span(role, format!("  {line} {name}{words}")));
    }
    if let Some(limit) = limit {
        let sign = if long { "╌ limit" } else { "≤" };
        spans.push(scene.span(Role::Limit, format!("  {sign} {}", written(limit))));
    }
    spans.into()
}
