//! The way of a service's newest run: its stages with their times, then the environments with what they hold of it.

use ratatui::text::{Line, Span};

use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::rollout::RolloutKind;
use crate::domain::run::{Run, Stage, StageKind, Status};
use crate::domain::service::Service;
use crate::ui::format;
use crate::ui::glyphs::{self, Mark};
use crate::ui::scene::Scene;
use crate::ui::theme::Role;

/// The whole way: stages with their times, then environments with what they hold of this run.
///
/// ```text
/// build ✓ 1m02 ── test ✓ 3m41 ── release ✓ 0m20 ── dev ✓ ── staging ✓ ──▸ production ◐ canary 25 %, step 2 of 4
/// ```
pub fn way(scene: &Scene<'_>, service: &Service, width: usize) -> Line<'static> {
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
