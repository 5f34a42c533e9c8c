//! Why is it waiting, in words: the gate, the quorum, the bake, the hold, the rule.

use crate::clock::Timestamp;
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::gate::{Gate, GateState};
use crate::domain::observation::Problem;
use crate::domain::rollout::{Phase, Rollout, RolloutKind};
use crate::domain::run::{Run, Status};
use crate::domain::service::Service;
use crate::store::Seen;
use crate::ui::format;
use crate::ui::glyphs::{self, Mark};

/// One reason, with its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Its sign.
    pub mark: Mark,
    /// Its words.
    pub words: String,
}

impl Wait {
    fn new(mark: Mark, words: String) -> Self {
        Self { mark, words }
    }
}

/// What is wrong with the source that told of a service, and what to do about it.
pub fn source(problem: &Problem) -> Wait {
    let hint = problem.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    Wait::new(glyphs::ATTENTION, format!("{}: {}{hint}", problem.source, problem.message))
}

/// Everything that `service` waits for or suffers from, the worst first.
pub fn waits(seen: &Seen<Service>, now: Timestamp) -> Vec<Wait> {
    let service = &seen.value;
    let mut waits: Vec<Wait> =
        service.problem.iter().map(|problem| Wait::new(glyphs::FAILED, problem.to_string())).collect();
    waits.extend(service.latest_run.as_ref().and_then(failed_run));
    waits.extend(service.environments.iter().filter_map(failed));
    for environment in service.environments.iter().rev() {
        waits.extend(environment.gate.as_ref().and_then(|gate| at_gate(gate, now)));
        waits.extend(environment.rollout.as_ref().and_then(|rollout| on_ladder(environment, rollout, seen.at, now)));
        waits.extend(queued(environment));
        waits.extend(held(environment, now));
    }
    let run = service.latest_run.as_ref().filter(|run| !run.status.ended());
    if let Some(words) = run.and_then(|run| run.waits.as_ref()).filter(|_| waits.is_empty()) {
        waits.push(Wait::new(glyphs::WAITING, format!("the run waits: {words}")));
    }
    waits
}

/// `run 92 failed in test: e2e: exit status 1`.
fn failed_run(run: &Run) -> Option<Wait> {
    if run.status != Status::Failed {
        return None;
    }
    let stage = run.stages.iter().find(|stage| stage.status == Status::Failed);
    let stage_words = stage.map(|stage| format!(" in {}", stage.name)).unwrap_or_default();
    let job = stage.and_then(|stage| stage.jobs.iter().find(|job| job.status == Status::Failed));
    let job_words = job.map(|job| match &job.detail {
        Some(detail) => format!(": {}: {detail}", job.name),
        None => format!(": {}", job.name),
    });
    let number = run.number.map_or_else(|| run.id.to_string(), |number| number.to_string());
    Some(Wait::new(glyphs::FAILED, format!("run {number} failed{stage_words}{}", job_words.unwrap_or_default())))
}

fn failed(environment: &Environment) -> Option<Wait> {
    let failed = environment.state == EnvironmentState::Failed;
    let why = environment.detail.as_ref().map_or("the last deployment failed", |detail| detail.as_str());
    failed.then(|| Wait::new(glyphs::FAILED, format!("{}: {why}", environment.name)))
}

/// `gate production, 1 of 2; you may not: you started it; closes in 40:12`.
fn at_gate(gate: &Gate, now: Timestamp) -> Option<Wait> {
    let name = &gate.environment;
    let words = match gate.state {
        GateState::Waiting => {
            let quorum = format!("gate {name}: {} of {} approvals", gate.approvals.have, gate.approvals.need);
            let ends = gate.expires_at.map(|at| format!("; closes in {}", format::left(at, now)));
            format!("{quorum}; {}{}", may(gate), ends.unwrap_or_default())
        }
        GateState::ApprovedNotStarted => format!("gate {name} is approved; the deployment has not started"),
        GateState::Expired => format!("gate {name} expired: nobody decided in time"),
        GateState::Unknown => format!("gate {name} stands in a state not known here"),
        GateState::Approved | GateState::Rejected => return None,
    };
    Some(Wait::new(glyphs::gate(gate.state), words))
}

fn may(gate: &Gate) -> String {
    match (gate.may_approve, &gate.why_not) {
        (Some(true), _) => "you may decide".into(),
        (Some(false), Some(why)) => format!("you may not: {why}"),
        (Some(false), None) => "you may not decide".into(),
        (None, _) => "whether you may decide is not told".into(),
    }
}

/// `canary at 25 %, bake time 3:12 left, then 50 % by itself`.
pub fn on_ladder(environment: &Environment, rollout: &Rollout, seen_at: Timestamp, now: Timestamp) -> Option<Wait> {
    if rollout.kind == RolloutKind::Replace || !rollout.phase.under_way() {
        return None;
    }
    let name = &environment.name;
    let mark = glyphs::phase(rollout.phase);
    let message = || rollout.message.as_ref().map(|words| format!(": {words}")).unwrap_or_default();
    let weight = rollout.set_weight.unwrap_or_default();
    let words = match rollout.phase {
        Phase::Waiting if rollout.kind == RolloutKind::Canary => {
            format!("canary {name} stands at {weight}, {}", next_step(rollout, bake_end(rollout, seen_at), now))
        }
        Phase::Paused => format!("canary {name} is paused at {weight} until somebody lets it go on"),
        Phase::Aborting => format!("{name}: all traffic goes back{}", message()),
        Phase::Degraded => format!("{name}: the candidate does not get healthy{}", message()),
        _ => format!("{name}: the candidate is brought in{}", message()),
    };
    Some(Wait::new(mark, words))
}

/// When the present step's bake time ends, as the source last told it.
pub fn bake_end(rollout: &Rollout, seen_at: Timestamp) -> Option<Timestamp> {
    let left = i64::try_from(rollout.bake_left_ms.filter(|ms| *ms > 0)?).ok()?;
    seen_at.saturating_add(jiff::SignedDuration::from_millis(left)).ok()
}

fn next_step(rollout: &Rollout, bake_end: Option<Timestamp>, now: Timestamp) -> String {
    let manual = rollout.rung(rollout.at()).is_some_and(|step| step.manual);
    let next = rollout.rung(rollout.next_step()).map_or_else(|| "100 %".into(), |step| step.weight.to_string());
    match bake_end {
        _ if rollout.by_hand() => format!("set by hand: the next step is {next}"),
        Some(end) if end > now => format!("bake time {} left, then {next} by itself", format::left(end, now)),
        _ if manual => format!("a manual step: it goes to {next} when somebody moves it on"),
        _ => format!("then {next}"),
    }
}

fn queued(environment: &Environment) -> Option<Wait> {
    let queued = environment.queued.as_ref()?;
    Some(Wait::new(glyphs::IDLE, format!("{} waits for {}: {}", queued.version, environment.name, queued.waits)))
}

fn held(environment: &Environment, now: Timestamp) -> Option<Wait> {
    if !environment.held {
        return None;
    }
    let words = match &environment.hold {
        Some(hold) => {
            let why = hold.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("{} is held by {}, {}{why}", environment.name, hold.by, format::ago(hold.at, now))
        }
        None => format!("{} is held: nothing is deployed there by itself", environment.name),
    };
    Some(Wait::new(glyphs::ATTENTION, words))
}
