//! What is expected of gates: that a decision reads back, and what it means for the run.

use super::Progress;
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, GateState, Verdict};
use crate::domain::ids::{GateId, RunKey};
use crate::domain::run::Status;
use crate::store::Store;

/// That the decision about a run reads back.
pub(super) fn decided(
    store: &Store,
    environment: &Environment,
    gate: &GateId,
    run: &RunKey,
    verdict: Verdict,
) -> Progress {
    let still = environment.gates().find(|standing| standing.id == *gate);
    match (verdict, still) {
        (Verdict::Approve, Some(standing)) => approval(standing),
        (Verdict::Approve, None) => match store.run(run).map(|seen| seen.value.status) {
            Some(Status::Cancelled | Status::Failed) => Progress::contradicted(format!("run {run} has ended")),
            _ => Progress::reached("approved; the run has left the gate"),
        },
        (_, Some(standing)) if standing.state == GateState::Rejected => {
            Progress::reached("rejected; the run will not pass")
        }
        (_, Some(standing)) if standing.state == GateState::Approved => Progress::contradicted("the gate was approved"),
        (_, Some(_)) => Progress::Pending,
        (_, None) => match store.run(run).map(|seen| seen.value.status) {
            Some(Status::Failed | Status::Cancelled) => Progress::reached("rejected; the run will not pass"),
            Some(Status::Succeeded) => Progress::contradicted("the run has passed"),
            _ => Progress::Pending,
        },
    }
}

fn approval(gate: &Gate) -> Progress {
    match gate.state {
        GateState::Approved => Progress::reached("approved; the run has left the gate"),
        GateState::ApprovedNotStarted => Progress::reached("approved, not started"),
        GateState::Rejected => Progress::contradicted("the gate was rejected"),
        GateState::Expired => Progress::contradicted("the gate has expired"),
        GateState::Waiting | GateState::Unknown => {
            let approvals = gate.approvals;
            let mine = gate.may_approve == Some(false)
                && gate.decisions.iter().any(|decision| decision.verdict == Verdict::Approve);
            if mine {
                Progress::reached(format!("approved; {} of {} are there", approvals.have, approvals.need))
            } else {
                Progress::Pending
            }
        }
    }
}
