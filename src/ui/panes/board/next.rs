//! When something that the board draws changes by itself.

use super::waits::bake_end;
use crate::clock::Timestamp;
use crate::domain::environment::Environment;
use crate::domain::run::Status;
use crate::domain::service::Service;
use crate::store::{Seen, lacking};
use crate::ui::format;
use crate::ui::next::Next;
use crate::ui::scene::Scene;

/// The earliest change of the rows in view and of the detail.
pub fn next_change<'a>(
    scene: &Scene<'a>,
    shown: impl Iterator<Item = &'a Seen<Service>>,
    selected: Option<&Seen<Service>>,
) -> Option<Timestamp> {
    let mut next = Next::new(scene.now());
    for seen in shown {
        next.fresh(scene.store(), &seen.source, seen.at);
        seen.value.environments.iter().for_each(|environment| row(&mut next, environment, scene.now()));
    }
    if let Some(seen) = selected {
        detail(&mut next, scene, seen);
    }
    next.at()
}

/// What a cell tells: how long a gate waits, how old the oldest change is, how long a colour is kept.
fn row(next: &mut Next, environment: &Environment, now: Timestamp) {
    next.age(environment.gate.as_ref().and_then(|gate| gate.since));
    next.age(environment.behind.and_then(|behind| behind.oldest_at));
    let idle = environment.rollout.as_ref().and_then(|rollout| rollout.idle.as_ref());
    if let Some(until) = idle.and_then(|idle| idle.kept_until) {
        next.merge(format::span_changes(until, now));
    }
}

fn detail(next: &mut Next, scene: &Scene<'_>, seen: &Seen<Service>) {
    let service = &seen.value;
    next.age(Some(seen.at));
    if let Some(run) = &service.latest_run {
        next.age(run.created_at.or(run.started_at));
        let moving = run.stages.iter().filter(|stage| matches!(stage.status, Status::Running | Status::Cancelling));
        moving.for_each(|stage| next.running(stage.started_at));
    }
    if let Some((here, below)) = lacking(service)
        && let Some(changes) = scene.store().changes(&service.name, &here.name, &below.name)
    {
        changes.value.commits.iter().for_each(|commit| next.age(commit.at));
    }
    for environment in &service.environments {
        next.left(environment.gate.as_ref().and_then(|gate| gate.expires_at));
        next.age(environment.hold.as_ref().map(|hold| hold.at));
        let rollout = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
        next.left(rollout.and_then(|rollout| bake_end(rollout, seen.at)));
    }
}
