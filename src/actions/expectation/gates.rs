//! What is expected of gates: that a decision reads back, and what it means for the run.

use super::{Decided, Progress};
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, GateState, Verdict};
use crate::domain::run::Status;
use crate::domain::text::Text;
use crate::store::Store;

/// That the decision about a run reads back.
pub(super) fn decided(store: &Store, environment: &Environment, decided: &Decided) -> Progress {
    let Decided { gate, run, verdict, .. } = decided;
    let still = environment.gates().find(|standing| standing.id == *gate);
    match (verdict, still) {
        (Verdict::Approve, Some(standing)) => approval(store, standing),
        (Verdict::Approve, None) => left(store, environment, decided),
        (_, Some(standing)) if standing.state == GateState::Rejected => {
            Progress::reached("rejected; the run will not pass")
        }
        (_, Some(standing)) if standing.state == GateState::Approved => Progress::contradicted("the gate was approved"),
        (_, Some(standing)) if standing.state == GateState::Expired => {
            Progress::contradicted("the gate has expired: nobody rejected it")
        }
        (_, Some(_)) => Progress::Pending,
        (_, None) => match store.run(run).map(|seen| seen.value.status) {
            Some(Status::Failed | Status::Cancelled) => Progress::reached("rejected; the run will not pass"),
            Some(Status::Succeeded) => Progress::contradicted("the run has passed"),
            _ => Progress::Pending,
        },
    }
}

/// A gate that is gone may have been passed, or taken away: only where the release has come in was it passed.
fn left(store: &Store, environment: &Environment, decided: &Decided) -> Progress {
    let Decided { run, release, .. } = decided;
    let candidate = environment.rollout.as_ref().and_then(|rollout| rollout.candidate.as_ref());
    let here = environment.release.iter().map(|release| &release.version);
    let queued = environment.queued.iter().map(|queued| &queued.version);
    let mut coming = here.chain(queued).chain(candidate.map(|side| &side.version));
    let status = store.run(run).map(|seen| seen.value.status);
    match (release, status) {
        (Some(release), _) if coming.any(|version| version == release) => {
            Progress::reached("approved; the run has left the gate")
        }
        (_, Some(Status::Cancelled | Status::Failed)) => Progress::contradicted(format!("run {run} has ended")),
        (None, Some(Status::Running | Status::Succeeded | Status::Unstable)) => {
            Progress::reached("approved; the run has left the gate")
        }
        _ => Progress::Pending,
    }
}

fn approval(store: &Store, gate: &Gate) -> Progress {
    match gate.state {
        GateState::Approved => Progress::reached("approved; the run has left the gate"),
        GateState::ApprovedNotStarted => Progress::reached("approved, not started"),
        GateState::Rejected => Progress::contradicted("the gate was rejected"),
        GateState::Expired => Progress::contradicted("the gate has expired"),
        GateState::Waiting | GateState::Unknown => {
            let approvals = gate.approvals;
            if approved_by_me(store, gate) {
                Progress::reached(format!("approved; {} of {} are there", approvals.have, approvals.need))
            } else {
                Progress::Pending
            }
        }
    }
}

/// Whether the one whom its source takes us for has approved.
fn approved_by_me(store: &Store, gate: &Gate) -> bool {
    let source = store.service(&gate.service).map(|seen| &seen.source);
    let login = source.and_then(|source| store.sources().get(source)?.login.as_ref());
    let mine = |by: &Text| login.is_some_and(|login| login.name == *by);
    gate.decisions.iter().any(|decision| decision.verdict == Verdict::Approve && mine(&decision.by))
}
