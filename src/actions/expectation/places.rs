//! What is expected of places: which release takes traffic there, and whether they are held.

use super::Progress;
use super::rollouts::why;
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::release::VersionName;
use crate::domain::rollout::{Phase, RolloutKind, Weight};
use crate::domain::text::Text;

/// That the release takes traffic, or stands at its gate.
pub(super) fn promoted(environment: &Environment, version: &VersionName) -> Progress {
    let mut gates = environment.gates();
    if gates.any(|gate| gate.open() && gate.release.as_ref() == Some(version)) {
        return Progress::reached(format!("{version} stands at its gate"));
    }
    if environment.release.as_ref().is_some_and(|release| release.version == *version) {
        return Progress::reached(format!("{version} serves"));
    }
    let Some(rollout) = &environment.rollout else { return Progress::Pending };
    let candidate = rollout.candidate.as_ref().is_some_and(|side| side.version == *version);
    let weight = rollout.actual_weight.unwrap_or_default();
    match rollout.phase {
        Phase::Degraded | Phase::Aborted if candidate => Progress::contradicted(why(rollout)),
        Phase::Waiting if candidate && rollout.kind == RolloutKind::BlueGreen => {
            Progress::reached(format!("{version} is healthy on the idle colour"))
        }
        _ if candidate && weight > Weight::NONE => Progress::reached(format!("{version} has {weight}")),
        _ if environment.state == EnvironmentState::Failed => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

/// That the release serves all traffic.
pub(super) fn serves(environment: &Environment, version: &VersionName) -> Progress {
    let here = environment.release.as_ref().is_some_and(|release| release.version == *version);
    let moving = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    match moving {
        None if here => Progress::reached(format!("{version} serves all traffic")),
        Some(rollout) if rollout.phase == Phase::Degraded => Progress::contradicted(why(rollout)),
        None if environment.state == EnvironmentState::Failed => {
            let detail = environment.detail.as_ref().map_or("the deployment failed", Text::as_str);
            Progress::contradicted(detail)
        }
        _ => Progress::Pending,
    }
}

/// That the hold reads back.
pub(super) fn held(environment: &Environment, on: bool) -> Progress {
    match (environment.held == on, on) {
        (true, true) => Progress::reached("held"),
        (true, false) => Progress::reached("not held"),
        (false, _) => Progress::Pending,
    }
}
