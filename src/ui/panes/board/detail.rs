//! The selected service in detail: its way through stages and environments, what the traffic says, what it waits for,
//! where a way back leads, and each environment with its exact facts.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::waits::{self, Wait};
use crate::domain::change::Commit;
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::ids::{EnvironmentName, Place};
use crate::domain::rollout::{RolloutKind, VerdictState};
use crate::domain::run::{Run, Stage, StageKind, Status};
use crate::domain::service::Service;
use crate::domain::signal::{Series, Signals};
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{self, Mark};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;
use crate::ui::widgets::panel::{cut_line, panel};
use crate::ui::widgets::spark::spark;
use crate::ui::widgets::wrap::wrap;

/// How wide the labels are.
const LABEL: usize = 12;
/// How many reasons are told at most.
const MOST_WAITS: usize = 4;

/// Draws the detail of `seen`, as high as what there is to say.
pub fn draw(
    scene: &Scene<'_>,
    buffer: &mut Buffer,
    area: Rect,
    seen: &Seen<Service>,
    column: Option<&EnvironmentName>,
) {
    if area.height < 3 {
        return;
    }
    let lines = lines(scene, seen, column, area);
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).min(area.height);
    let area = Rect { height, ..area };
    let inside = panel(scene, buffer, area, title(scene, &seen.value), about(scene, &seen.value));
    let content = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    for (line, y) in lines.into_iter().zip(content.y..content.bottom()) {
        buffer.set_line(content.x, y, &cut_line(line, usize::from(content.width)), content.width);
    }
}

fn title(scene: &Scene<'_>, service: &Service) -> Line<'static> {
    let release = service.latest_run.as_ref().and_then(|run| run.release.as_ref());
    let release = release.map(|version| format!(" {version}")).unwrap_or_default();
    scene.span(Role::Heading, format!("{}{release}", service.name)).into()
}

/// `3f9c2e1  Retry authorisation once · main · 38 m ago`.
fn about(scene: &Scene<'_>, service: &Service) -> Line<'static> {
    let Some(run) = &service.latest_run else { return Line::default() };
    let at = run.created_at.or(run.started_at);
    let age = at.map(|at| format!(" · {}", format::ago(at, scene.now()))).unwrap_or_default();
    let commit = format::commit(run.commit.as_str());
    scene.span(Role::Dim, format!("{commit}  {} · {}{age}", run.title, run.branch)).into()
}

fn lines(scene: &Scene<'_>, seen: &Seen<Service>, column: Option<&EnvironmentName>, area: Rect) -> Vec<Line<'static>> {
    let service = &seen.value;
    let mut lines = vec![way(scene, service, usize::from(area.width.saturating_sub(4))), Line::default()];
    lines.extend(traffic(service).into_iter().flat_map(|environment| signals(scene, service, environment)));
    let waits = waits::waits(seen, scene.now());
    let width = usize::from(area.width).saturating_sub(4 + LABEL);
    for (at, wait) in waits.iter().take(MOST_WAITS).enumerate() {
        lines.extend(waiting(scene, if at == 0 { "waits" } else { "" }, wait, width));
    }
    if waits.is_empty() {
        lines.push(labelled(scene, "waits", vec![scene.span(Role::Dim, "for nothing")]));
    }
    lines.extend(back(scene, service, column));
    lines.push(Line::default());
    lines.extend(facts(scene, service, column));
    let left = usize::from(area.height).saturating_sub(lines.len() + 3);
    let changes = changes(scene, service, left);
    if !changes.is_empty() {
        lines.push(Line::default());
        lines.extend(changes);
    }
    lines
}

fn labelled(scene: &Scene<'_>, label: &str, words: Vec<Span<'static>>) -> Line<'static> {
    let label = format!("{}{}", format::cut(label, LABEL - 1), " ".repeat(LABEL.saturating_sub(format::width(label))));
    let mut line = Line::from(scene.span(Role::Dim, label));
    line.spans.extend(words);
    line
}

fn waiting(scene: &Scene<'_>, label: &str, wait: &Wait, width: usize) -> Vec<Line<'static>> {
    let folded = wrap(&wait.words, width.saturating_sub(2)).into_iter().enumerate();
    folded
        .map(|(at, words)| {
            let (label, mark) = if at == 0 { (label, scene.mark(wait.mark)) } else { ("", Span::raw(" ")) };
            labelled(scene, label, vec![mark, Span::raw(" "), scene.span(Role::Text, words)])
        })
        .collect()
}

/// The whole way: stages with their times, then environments with what they hold of this run.
///
/// ```text
/// build ✓ 1m02 ── test ✓ 3m41 ── release ✓ 0m20 ── dev ✓ ── staging ✓ ──▸ production ◐ canary 25 %, step 2 of 4
/// ```
fn way(scene: &Scene<'_>, service: &Service, width: usize) -> Line<'static> {
    let Some(run) = &service.latest_run else { return scene.span(Role::Dim, "no run yet; n starts one").into() };
    let long = join(scene, parts(scene, service, run, true));
    if long.width() <= width {
        return long;
    }
    // Where it goes matters more than where it came from: the way is shortened from its beginning.
    let mut parts = parts(scene, service, run, false);
    let mut short = join(scene, parts.clone());
    while short.width() > width && parts.len() > 1 {
        parts.remove(0);
        short = join(scene, parts.clone());
        short.spans.insert(0, scene.span(Role::Chrome, "… ── "));
    }
    short
}

fn join(scene: &Scene<'_>, parts: Vec<Vec<Span<'static>>>) -> Line<'static> {
    let mut line = Line::default();
    for part in parts {
        if !line.spans.is_empty() {
            line.push_span(scene.span(Role::Chrome, " ── "));
        }
        line.spans.extend(part);
    }
    line
}

fn parts(scene: &Scene<'_>, service: &Service, run: &Run, long: bool) -> Vec<Vec<Span<'static>>> {
    let stages = run.stages.iter().filter(|stage| stage.kind != StageKind::Deploy);
    let stages = stages.map(|stage| stage_part(scene, stage, long));
    let environments = service.environments.iter().map(|environment| environment_part(scene, environment, run));
    stages.chain(environments).collect()
}

fn stage_part(scene: &Scene<'_>, stage: &Stage, long: bool) -> Vec<Span<'static>> {
    let mut spans =
        vec![scene.span(Role::Dim, stage.name.to_string()), Span::raw(" "), scene.mark(glyphs::status(stage.status))];
    if let Some(time) = stage_time(scene, stage).filter(|_| long) {
        spans.push(scene.span(Role::Text, format!(" {time}")));
    }
    spans
}

fn stage_time(scene: &Scene<'_>, stage: &Stage) -> Option<String> {
    match (stage.status, stage.started_at) {
        (Status::Running | Status::Cancelling, Some(began)) => Some(format::running(began, scene.now())),
        _ => stage.duration_ms.map(|ms| format::duration(std::time::Duration::from_millis(ms))),
    }
}

fn environment_part(scene: &Scene<'_>, environment: &Environment, run: &Run) -> Vec<Span<'static>> {
    let (mark, words) = standing(environment, run);
    let here = words.is_some();
    let name = if here { Role::Heading } else { Role::Dim };
    let mut spans = vec![scene.span(name, environment.name.to_string()), Span::raw(" "), scene.mark(mark)];
    if let Some(words) = words {
        spans.push(scene.span(mark.role, format!(" {words}")));
    }
    spans
}

/// How far `run`'s release is in an environment; words where it is on its way.
fn standing(environment: &Environment, run: &Run) -> (Mark, Option<String>) {
    let release = run.release.as_ref();
    let is = |version: &crate::domain::release::VersionName| release == Some(version);
    let gate = environment.gate.as_ref().filter(|gate| gate.run == run.id || gate.release.as_ref().is_some_and(is));
    let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    if let Some(rollout) = rollout.filter(|rollout| rollout.candidate.as_ref().is_some_and(|side| is(&side.version))) {
        let weight = rollout.set_weight.map(|weight| format!(" {weight}")).unwrap_or_default();
        let step = rollout.step.map(|step| format!(", step {} of {}", step.index, step.count)).unwrap_or_default();
        return match rollout.kind {
            RolloutKind::Canary => (glyphs::CANARY, Some(format!("canary{weight}{step}"))),
            _ => (glyphs::RUNNING, Some(rollout.phase.to_string())),
        };
    }
    if let Some(gate) = gate {
        return (glyphs::gate(gate.state), Some(format!("gate {}", gate.state.as_str().replace('_', " "))));
    }
    if environment.release.as_ref().is_some_and(|live| is(&live.version)) {
        return (glyphs::OK, None);
    }
    match environment.state {
        EnvironmentState::Failed => (glyphs::FAILED, Some("failed".into())),
        EnvironmentState::Deploying => (glyphs::RUNNING, None),
        _ => (glyphs::IDLE, None),
    }
}

/// The environment whose traffic is worth looking at: one with a rollout under way, else production.
pub fn traffic(service: &Service) -> Option<&Environment> {
    let moving = |environment: &&Environment| environment.rollout.as_ref().is_some_and(|r| r.phase.under_way());
    let all = || service.environments.iter().rev();
    all().find(moving).or_else(|| all().find(|environment| environment.release.is_some()))
}

fn signals(scene: &Scene<'_>, service: &Service, environment: &Environment) -> Vec<Line<'static>> {
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

/// Where a way back leads, and how fast.
fn back(scene: &Scene<'_>, service: &Service, column: Option<&EnvironmentName>) -> Option<Line<'static>> {
    let chosen = |environment: &&Environment| column.is_none_or(|name| environment.name == *name);
    let environment = service.environments.iter().rev().find(chosen)?;
    let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    let stable = rollout.and_then(|rollout| rollout.stable.as_ref()).map(|side| &side.version);
    let live = environment.release.as_ref().map(|release| &release.version);
    let kept = environment.kept.iter().find(|kept| kept.good && Some(&kept.version) != live);
    let words = match (stable, kept) {
        (Some(stable), _) => format!("{}: abort returns all traffic to {stable} at once", environment.name),
        (None, Some(kept)) if kept.warm => format!("{}: {} still runs, back at once", environment.name, kept.version),
        (None, Some(kept)) => format!("{}: {} is kept, its instances start first", environment.name, kept.version),
        (None, None) => return None,
    };
    Some(labelled(scene, "undo", vec![scene.span(Role::Text, words)]))
}

/// The exact facts of each environment, production first.
fn facts(scene: &Scene<'_>, service: &Service, column: Option<&EnvironmentName>) -> Vec<Line<'static>> {
    let releases = service.environments.iter().filter_map(|environment| environment.release.as_ref());
    let widest = releases.map(|release| format::width(&release.version.visible())).max().unwrap_or(0).min(20);
    service.environments.iter().rev().map(|environment| exact(scene, environment, column, widest)).collect()
}

fn exact(
    scene: &Scene<'_>,
    environment: &Environment,
    column: Option<&EnvironmentName>,
    widest: usize,
) -> Line<'static> {
    let Some(release) = &environment.release else {
        return labelled(scene, &environment.name.visible(), vec![scene.span(Role::Dim, "nothing was ever put there")]);
    };
    let version = release.version.to_string();
    let pad = " ".repeat(widest.saturating_sub(format::width(&version)) + 2);
    let mut words = vec![
        scene.span(Role::Text, version),
        scene.span(Role::Dim, format!("{pad}{}", format::commit(release.commit.as_str()))),
    ];
    let since = release.deployed_at.map(|at| format!("  since {}", scene.exact(at)));
    let by = release.deployed_by.as_ref().map(|by| format!(" by {by}"));
    words.push(scene.span(Role::Dim, since.unwrap_or_default() + &by.unwrap_or_default()));
    if environment.tier.is_production() && environment.guarded == Some(false) {
        words.extend([Span::raw("  "), scene.mark(glyphs::ATTENTION), scene.span(Role::Caution, " no gate guards it")]);
    }
    if let Some(url) = &environment.url {
        words.push(scene.span(Role::Dim, format!("  {url}")));
    }
    let mut line = labelled(scene, &environment.name.visible(), words);
    if column == Some(&environment.name) {
        line.spans[0].style = scene.style(Role::Accent);
    }
    line
}

/// The environment that lacks changes, and the one below that has them: what `+3 changes` are.
pub fn lacking(service: &Service) -> Option<(&Environment, &Environment)> {
    let behind = |environment: &&Environment| {
        environment.behind.is_some_and(|behind| behind.changes.is_some_and(|changes| changes > 0))
    };
    let here = service.environments.iter().rev().find(behind)?;
    Some((here, service.below(&here.name)?))
}

/// The commits that production lacks, as far as they are known; `room` lines at most.
fn changes(scene: &Scene<'_>, service: &Service, room: usize) -> Vec<Line<'static>> {
    let Some((here, below)) = lacking(service) else { return Vec::new() };
    let Some(seen) = scene.store().changes(&service.name, &here.name, &below.name) else { return Vec::new() };
    let commits = &seen.value.commits;
    let shown = if commits.len() > room { room.saturating_sub(1) } else { commits.len() };
    let label = |at: usize| if at == 0 { "changes" } else { "" };
    let mut lines: Vec<_> = commits
        .iter()
        .take(shown)
        .enumerate()
        .map(|(at, commit)| labelled(scene, label(at), commit_words(scene, commit)))
        .collect();
    if shown < commits.len() && room > 0 {
        lines.push(labelled(
            scene,
            label(shown),
            vec![scene.span(Role::Dim, format!("and {} more", commits.len() - shown))],
        ));
    }
    lines
}

/// `51f00dd  Accept SEPA instant  ben, 2 h ago`.
pub fn commit_words(scene: &Scene<'_>, commit: &Commit) -> Vec<Span<'static>> {
    let age = commit.at.map(|at| format!(", {}", format::ago(at, scene.now()))).unwrap_or_default();
    vec![
        scene.span(Role::Dim, format!("{}  ", format::commit(commit.id.as_str()))),
        scene.span(Role::Text, commit.title.to_string()),
        scene.span(Role::Dim, format!("  {}{age}", commit.author)),
    ]
}
