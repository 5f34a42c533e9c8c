//! Why it is waiting, in words.

use crate::domain::ids::Place;
use crate::domain::run::Status;
use crate::domain::stop::Stop;
use crate::domain::text::Text;
use crate::engine::rules::{ladder, stops};
use crate::engine::state::deployment::{Deployment, Gate, Stand};
use crate::engine::state::place::{Goal, Rollout, Standing};
use crate::engine::state::run::{Job, Run};
use crate::engine::view::View;

/// What a run waits for, or why it failed where no job says so; `None` while it is at work.
pub fn run(view: &View<'_>, run: &Run) -> Option<Text> {
    if let Some(problem) = &run.problem {
        return Some(Text::new(problem));
    }
    run.jobs().find(|job| !job.status.ended() && job.deployment.is_some()).and_then(|one| job(view, one))
}

/// What a job waits for.
pub fn job(view: &View<'_>, job: &Job) -> Option<Text> {
    if job.status == Status::Cancelling {
        return Some(Text::new("is being stopped"));
    }
    let deployment = view.state.deployments.get(&job.deployment?)?;
    deployment_waits(view, deployment).map(Text::new)
}

/// What a deployment waits for.
pub fn deployment_waits(view: &View<'_>, deployment: &Deployment) -> Option<String> {
    let environment = &deployment.place.environment;
    let standing = view.state.places.get(&deployment.place);
    match deployment.stand {
        Stand::AwaitsPromote => Some(format!("a person must promote it to {environment}")),
        Stand::AtGate => {
            deployment.gate.as_ref().map(|standing| format!("waits for gate {environment}: {}", gate(standing)))
        }
        Stand::Queued => Some(queued(view, deployment, standing?)),
        Stand::Rolling => rollout(view, standing?),
        _ => deployment.detail.clone(),
    }
}

/// The emergency stop that stands for a place.
fn stopped<'a>(view: &View<'a>, place: &Place) -> Option<&'a Stop> {
    stops::of(view.state, place).filter(|stop| stop.stands(view.now))
}

fn gate(gate: &Gate) -> String {
    format!("has {} of {} approvals by {}", gate.approvals(), gate.need, gate.roles.join(" or "))
}

fn queued(view: &View<'_>, deployment: &Deployment, standing: &Standing) -> String {
    let environment = &deployment.place.environment;
    if let Some(rollout) = standing.under_way() {
        return format!("the rollout of {} in {environment} must end first", rollout.version);
    }
    match (stopped(view, &deployment.place), &standing.hold) {
        (Some(stop), _) if !stops::is_free(deployment) => format!("{}: freeze off lets it go on", stop.says()),
        (_, Some(hold)) => {
            let reason = hold.reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
            format!("{environment} is held by {}{reason}: promote it, or lift the hold", hold.by)
        }
        (_, None) => format!("goes into {environment} next"),
    }
}

/// What the rollout at a place waits for.
pub fn rollout(view: &View<'_>, standing: &Standing) -> Option<String> {
    let rollout = standing.under_way()?;
    if let Some(message) = &rollout.message {
        return Some(message.clone());
    }
    let set = standing.set(rollout.candidate);
    let replicas = set.map_or(0, |set| set.replicas);
    let healthy = view.observed.healthy(&standing.place, rollout.candidate);
    match rollout.goal {
        Goal::Healthy => {
            let trouble = view.observed.sets.get(&(standing.place.clone(), rollout.candidate));
            let trouble = trouble.and_then(|health| health.trouble.as_ref()).map(|said| format!("; {said}"));
            Some(format!("{healthy} of {replicas} instances healthy{}", trouble.unwrap_or_default()))
        }
        Goal::Weight => Some(rung(view, standing, rollout)),
        Goal::Complete => Some(format!("{} takes all traffic", rollout.version)),
        Goal::Abort => Some("traffic goes back".to_owned()),
    }
}

fn rung(view: &View<'_>, standing: &Standing, rollout: &Rollout) -> String {
    let rungs = ladder::rungs(view.state, &standing.place);
    let weight = rollout.weight;
    if rollout.by_hand {
        return format!("stays at {weight}, set by hand, until a person moves it");
    }
    if !ladder::bakes(rollout, &rungs) {
        return format!("stays at {weight}, a manual step, until a person moves it");
    }
    let next = rollout.step.and_then(|at| rungs.get(at + 1));
    let then = next.map_or_else(|| "completes".to_owned(), |next| format!("goes to {}", next.weight));
    if let Some(stop) = stopped(view, &standing.place) {
        return format!("stays at {weight}: {}", stop.says());
    }
    if ladder::bake_left_ms(rollout, &rungs, view.now) == Some(0) {
        return format!("its bake time is over; it {then} once enough requests can be judged");
    }
    format!("bakes at {weight}, then {then} by itself")
}
