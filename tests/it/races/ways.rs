//! The ways in which the world moves while a plan is looked at: by others, by itself, or because it is another world.

use jiff::Timestamp;
use leverframe::domain::environment::Environment;
use leverframe::domain::gate::{Decision, GateState, Verdict};
use leverframe::domain::observation::Overview;
use leverframe::domain::rollout::{Phase, Rollout, VerdictState, Weight};
use leverframe::domain::run::{Run, Status};
use leverframe::domain::stop::{Brake, Stop};
use leverframe::domain::text::Text;

use super::source::Source;

/// One way: its name, and what it does to the source.
pub type Way = (&'static str, fn(&mut Source));

/// All of them.
pub const WAYS: [Way; 24] = [
    ("the release is replaced", |source| environments(source, replaced)),
    ("the candidate is replaced", |source| rollouts(source, candidate)),
    ("the gate is decided by another", |source| environments(source, decided)),
    ("the gate expires", |source| environments(source, |it| gate(it, GateState::Expired))),
    ("the run is cancelled", cancelled),
    ("a newer run supersedes the one at the gate", |source| environments(source, superseded)),
    ("the weight is moved", |source| rollouts(source, |it| weigh(it, 61))),
    ("the step is moved", |source| rollouts(source, stepped)),
    ("the rollout is paused or goes on", |source| rollouts(source, paused)),
    ("the rollout is aborted", |source| rollouts(source, aborted)),
    ("the rollout ends", |source| environments(source, ended)),
    ("the verdict turns", |source| rollouts(source, turned)),
    ("the environment is held by another", |source| environments(source, held)),
    ("an emergency stop is called", frozen),
    ("the environment is removed", removed),
    ("the service is another of the same name", another),
    ("the colours are flipped", |source| rollouts(source, flipped)),
    ("the idle colour goes", |source| rollouts(source, |it| it.idle = None)),
    ("the flag is set by another", |source| flags(source, true)),
    ("the flag is made anew", |source| flags(source, false)),
    ("the token loses its rights", |source| source.rights = false),
    ("the source starts again with other data", restarted),
    ("the revisions tick", Source::tick),
    ("the clock jumps", |source| source.jumps = true),
];

/// Changes every environment, as others would.
fn environments(source: &mut Source, change: fn(&mut Environment)) {
    services(source, |service| service.environments.iter_mut().for_each(change));
    source.tick();
}

fn rollouts(source: &mut Source, change: fn(&mut Rollout)) {
    services(source, |service| {
        service.environments.iter_mut().filter_map(|it| it.rollout.as_mut()).for_each(change);
    });
    source.tick();
}

fn services(source: &mut Source, change: impl Fn(&mut leverframe::domain::service::Service)) {
    source.overview.services.iter_mut().for_each(change);
}

fn replaced(environment: &mut Environment) {
    if let Some(release) = &mut environment.release {
        release.version = "v99.0.0".into();
        release.commit = Text::new("99999999");
    }
    if let Some(stable) = environment.rollout.as_mut().and_then(|rollout| rollout.stable.as_mut()) {
        stable.version = "v99.0.0".into();
    }
    if let Some(active) = environment.rollout.as_mut().and_then(|rollout| rollout.active.as_mut()) {
        active.version = Some("v99.0.0".into());
    }
}

fn candidate(rollout: &mut Rollout) {
    if let Some(side) = &mut rollout.candidate {
        side.version = "v77.0.0".into();
    }
    if let Some(side) = &mut rollout.idle {
        side.version = Some("v77.0.0".into());
    }
}

fn gate(environment: &mut Environment, state: GateState) {
    environment.gate.iter_mut().for_each(|gate| gate.state = state);
}

fn decided(environment: &mut Environment) {
    let decision =
        Decision { by: Text::new("bert"), at: Timestamp::UNIX_EPOCH, verdict: Verdict::Approve, comment: None };
    if let Some(gate) = &mut environment.gate {
        gate.decisions.push(decision.clone());
        gate.may_approve = Some(false);
        gate.approvals.have += 1;
    }
}

fn superseded(environment: &mut Environment) {
    if let Some(gate) = &mut environment.gate {
        (gate.id, gate.run, gate.release) = ("newer".into(), "777".into(), Some("v77.0.0".into()));
    }
}

fn runs(source: &mut Source, change: fn(&mut Run)) {
    services(source, |service| service.latest_run.iter_mut().for_each(change));
    source.tick();
}

fn cancelled(source: &mut Source) {
    runs(source, |run| run.status = Status::Cancelled);
    environments(source, |environment| environment.gate = None);
}

fn weigh(rollout: &mut Rollout, percent: u8) {
    if rollout.candidate.is_some() {
        (rollout.set_weight, rollout.actual_weight) = (Weight::new(percent), Weight::new(percent));
    }
}

fn stepped(rollout: &mut Rollout) {
    if let Some(step) = &mut rollout.step {
        step.index += 1;
        let weight = rollout.steps.get(step.index as usize - 1).map_or(100, |rung| rung.weight.percent());
        weigh(rollout, weight);
    }
}

fn paused(rollout: &mut Rollout) {
    if rollout.candidate.is_some() {
        rollout.phase = if rollout.phase == Phase::Paused { Phase::Progressing } else { Phase::Paused };
    }
}

fn aborted(rollout: &mut Rollout) {
    if rollout.candidate.is_some() {
        rollout.phase = Phase::Aborted;
        weigh(rollout, 0);
    }
}

fn ended(environment: &mut Environment) {
    let Some(rollout) = environment.rollout.as_mut().filter(|rollout| rollout.candidate.is_some()) else { return };
    rollout.phase = Phase::Complete;
    weigh(rollout, 100);
    let version = rollout.candidate.as_ref().unwrap().version.clone();
    environment.release.as_mut().unwrap().version = version;
}

fn turned(rollout: &mut Rollout) {
    rollout.verdict.iter_mut().for_each(|verdict| verdict.state = VerdictState::Fail);
}

fn held(environment: &mut Environment) {
    environment.held = !environment.held;
}

fn frozen(source: &mut Source) {
    let stop =
        Stop { by: Text::new("bert"), since: Timestamp::UNIX_EPOCH, until: None, reason: None, tiers: Vec::new() };
    source.overview.brake = Some(Box::new(Brake::new(Some(stop), true)));
}

fn removed(source: &mut Source) {
    services(source, |service| service.environments.retain(|it| it.name.as_str() != "production"));
    let flags = source.overview.flags.iter_mut();
    flags.for_each(|flag| flag.environments.retain(|it| it.name.as_str() != "production"));
}

/// The same names, versions and numbers, and as long as nobody writes the same revisions: but other commits.
fn another(source: &mut Source) {
    services(source, |service| {
        service.repository = Some(Text::new("https://elsewhere.example/other.git"));
        if let Some(run) = &mut service.latest_run {
            run.commit = Text::new("eeeeeeee");
        }
    });
    source.identity += 1;
}

fn flipped(rollout: &mut Rollout) {
    std::mem::swap(&mut rollout.active, &mut rollout.idle);
}

fn flags(source: &mut Source, toggle: bool) {
    source.tick();
    let moment = source.began;
    for state in source.overview.flags.iter_mut().flat_map(|flag| &mut flag.environments) {
        state.changed_at = Some(moment);
        state.enabled ^= toggle;
    }
}

fn restarted(source: &mut Source) {
    source.identity += 1;
    let overview: &mut Overview = &mut source.overview;
    for service in &mut overview.services {
        service.repository = Some(Text::new("https://elsewhere.example/restored.git"));
        if let Some(run) = &mut service.latest_run {
            (run.commit, run.status, run.attempt) = (Text::new("dddddddd"), Status::Succeeded, Some(1));
        }
        for environment in &mut service.environments {
            (environment.gate, environment.rollout) = (None, None);
            replaced(environment);
        }
    }
    flags(source, false);
}
