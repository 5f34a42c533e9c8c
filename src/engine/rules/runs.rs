//! How a run goes on: stages in order, what follows a failure, what an order to stop does, and how the run stands.

use crate::domain::ids::ServiceName;
use crate::domain::run::{StageKind, Status};
use crate::engine::rules::{arrivals, rollouts};
use crate::engine::state::deployment::{Deployment, Stand};
use crate::engine::state::run::Run;
use crate::engine::store::Draft;

type At = (ServiceName, u64);

/// Takes a run as far as it can go by itself; whether anything changed.
pub fn advance(draft: &mut Draft, at: &At) -> bool {
    let Some(run) = draft.state().runs.get(at).cloned() else { return false };
    let mut next = (*run).clone();
    mirror(draft, &mut next);
    if next.cancel.is_some() {
        stop(draft, &mut next);
    }
    skip_release(&mut next, draft);
    skip_after_failure(&mut next, draft);
    if next.cancel.is_none() {
        arrive(draft, &mut next);
    }
    conclude(&mut next, draft);
    if next == *run {
        return false;
    }
    if let Some(record) = draft.run_mut(at) {
        *record = next;
    }
    true
}

/// Takes over how the deployments stand that the run waits for.
fn mirror(draft: &Draft, run: &mut Run) {
    let cancelled = run.cancel.is_some();
    for job in run.jobs_mut().filter(|job| !job.status.ended()) {
        let Some(deployment) = job.deployment.and_then(|id| draft.state().deployments.get(&id)) else { continue };
        let (status, detail) = status_of(draft, deployment);
        // What is given up because its run was told to stop has not failed.
        let status = if cancelled && status == Status::Failed { Status::Cancelled } else { status };
        job.started_at = job.started_at.or(deployment.began_at);
        if status.ended() {
            job.end(status, detail, deployment.ended_at.unwrap_or(draft.now));
        } else if job.status != Status::Cancelling {
            job.status = status;
        }
    }
}

fn status_of(draft: &Draft, deployment: &Deployment) -> (Status, Option<String>) {
    let status = match deployment.stand {
        Stand::AwaitsPromote | Stand::AtGate | Stand::Queued => Status::Waiting,
        Stand::Rolling => rolling(draft, deployment),
        Stand::Succeeded => Status::Succeeded,
        Stand::Failed | Stand::Rejected | Stand::Expired => Status::Failed,
        Stand::Cancelled | Stand::Replaced => Status::Cancelled,
    };
    (status, deployment.detail.clone())
}

/// A rollout that a person must move waits; any other runs.
fn rolling(draft: &Draft, deployment: &Deployment) -> Status {
    let standing = draft.state().places.get(&deployment.place);
    let rollout = standing.and_then(|standing| standing.under_way());
    match rollout {
        Some(rollout) if rollouts::needs_a_person(draft.state(), rollout, &deployment.place) => Status::Waiting,
        _ => Status::Running,
    }
}

/// Carries out an order to stop: what has not begun is cancelled, what runs is being ended by whoever runs it.
fn stop(draft: &mut Draft, run: &mut Run) {
    let by = run.cancel.as_ref().map_or_else(String::new, |cancel| cancel.by.clone());
    let says = format!("cancelled by {by}");
    let now = draft.now;
    for job in run.jobs_mut().filter(|job| !job.status.ended()) {
        match job.deployment {
            Some(id) => {
                arrivals::cancel(draft, id, &says);
                job.status = Status::Cancelling;
            }
            None if job.status == Status::Queued => job.end(Status::Cancelled, Some(says.clone()), now),
            None => job.status = Status::Cancelling,
        }
    }
    mirror(draft, run);
}

/// Once a job beside it has ended badly, no release is made.
fn skip_release(run: &mut Run, draft: &Draft) {
    for stage in run.stages.iter_mut().filter(|stage| stage.release_job().is_some()) {
        let Some((release, others)) = stage.jobs.split_last_mut() else { continue };
        if release.status == Status::Queued && others.iter().any(|job| bad(job.status)) {
            release.end(Status::Skipped, None, draft.now);
        }
    }
}

const fn bad(status: Status) -> bool {
    matches!(status, Status::Failed | Status::Cancelled)
}

/// Once a stage has ended badly, nothing after it begins.
fn skip_after_failure(run: &mut Run, draft: &Draft) {
    let Some(failed) = run.stages.iter().position(|stage| bad(stage.status())) else { return };
    let later = run.stages.iter_mut().skip(failed + 1).flat_map(|stage| &mut stage.jobs);
    for job in later.filter(|job| job.status == Status::Queued) {
        job.end(Status::Skipped, None, draft.now);
    }
}

/// Brings the release to the environment whose turn it is.
fn arrive(draft: &mut Draft, run: &mut Run) {
    let Some(current) = run.current() else { return };
    if run.stages[current].kind != StageKind::Deploy {
        return;
    }
    let waiting = run.stages[current].jobs.iter().position(|job| job.deployment.is_none() && !job.status.ended());
    let Some(at) = waiting else { return };
    let Some(environment) = run.stages[current].jobs[at].environment.clone() else { return };
    let arrived = arrivals::by_run(draft, run, &environment);
    let job = &mut run.stages[current].jobs[at];
    match arrived {
        Ok(deployment) => {
            job.deployment = Some(deployment);
            job.attempt += 1;
            job.status = Status::Waiting;
        }
        Err(problem) => job.end(Status::Failed, Some(problem), draft.now),
    }
}

/// How the run stands, by its stages.
fn conclude(run: &mut Run, draft: &Draft) {
    run.started_at = run.started_at.or_else(|| run.jobs().filter_map(|job| job.started_at).min());
    run.status = match run.current() {
        Some(_) if run.cancel.is_some() => Status::Cancelling,
        Some(current) => match run.stages[current].status() {
            Status::Queued if current > 0 || run.started_at.is_some() => Status::Running,
            status => status,
        },
        None => ended(run),
    };
    if run.status.ended() && run.ended_at.is_none() {
        run.ended_at = Some(draft.now);
    }
}

fn ended(run: &Run) -> Status {
    let any = |wanted: Status| run.stages.iter().any(|stage| stage.status() == wanted);
    let order = match run.cancel {
        Some(_) => [Status::Cancelled, Status::Failed, Status::Unstable],
        None => [Status::Failed, Status::Cancelled, Status::Unstable],
    };
    let bad = order.into_iter().find(|status| any(*status));
    bad.unwrap_or(if run.problem.is_some() { Status::Failed } else { Status::Succeeded })
}
