//! Approve or reject: a person's word at a gate.

use std::time::Duration;

use super::World;
use super::expectation::{Decided, Expectation};
use super::interlocks::{evidence, quorum};
use super::plan::{Action, Plan};
use super::target::{self, Draft, Found, Toward};
use super::unavailable::Unavailable;
use crate::domain::gate::{Decision, Gate, GateState, Verdict};
use crate::domain::ids::{Place, RunId};
use crate::domain::order::{Deed, GateDeed};
use crate::domain::text::Text;

/// The plan to let a run through.
pub fn approve(
    world: &World<'_>,
    place: &Place,
    run: Option<&RunId>,
    comment: Option<&Text>,
) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let gate = gate(&found, place, run)?;
    match gate.state {
        GateState::Approved | GateState::ApprovedNotStarted => {
            return Err(Unavailable::already("the gate is already approved"));
        }
        GateState::Rejected => return Err(Unavailable::state("gate", "the gate was rejected")),
        GateState::Expired => {
            return Err(Unavailable::state("gate", "the gate has expired").cleared_by("retrying the run"));
        }
        GateState::Waiting | GateState::Unknown => {}
    }
    if approved_by_me(world, &found, gate) {
        let approvals = gate.approvals;
        return Err(Unavailable::already(format!(
            "you have approved already; {} of {} are there",
            approvals.have, approvals.need
        )));
    }
    let left = gate.approvals.need.saturating_sub(gate.approvals.have);
    let after = match left {
        0 | 1 => "approved, the run goes on".into(),
        more => format!("{} of {} approvals, {} more needed", gate.approvals.have + 1, gate.approvals.need, more - 1),
    };
    let undo = match left {
        0 | 1 => "roll back the environment; the approval itself stays on record",
        _ => "reject the gate before the last approval is given",
    };
    Ok(decide(world, &found, gate, Verdict::Approve, comment, ("Approve gate", after, undo)))
}

/// Whether the one whom the source takes us for has given this approval.
fn approved_by_me(world: &World<'_>, found: &Found<'_>, gate: &Gate) -> bool {
    let login = world.store.sources().get(&found.seen.source).and_then(|state| state.login.as_ref());
    let mine = |decision: &Decision| login.is_some_and(|login| login.name == decision.by);
    gate.decisions.iter().any(|decision| decision.verdict == Verdict::Approve && mine(decision))
}

/// The plan to close a gate for a run.
pub fn reject(
    world: &World<'_>,
    place: &Place,
    run: Option<&RunId>,
    comment: Option<&Text>,
) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let gate = gate(&found, place, run)?;
    match gate.state {
        GateState::Rejected => return Err(Unavailable::already("the gate is already rejected")),
        GateState::Approved => return Err(Unavailable::state("gate", "the gate is already approved")),
        GateState::Expired => return Err(Unavailable::state("gate", "the gate has expired: the run will not pass")),
        GateState::Waiting | GateState::ApprovedNotStarted | GateState::Unknown => {}
    }
    let words = ("Reject gate", "rejected, the run ends here".into(), "retry the run: it stands at the gate again");
    Ok(decide(world, &found, gate, Verdict::Reject, comment, words))
}

/// The gate that is meant: the named run's, or the only one at which a decision is still possible.
fn gate<'a>(found: &Found<'a>, place: &Place, run: Option<&RunId>) -> Result<&'a Gate, Unavailable> {
    let standing: Vec<_> = found.environment.gates().collect();
    let open: Vec<_> = standing.iter().copied().filter(|gate| gate.open()).collect();
    match (run, &standing[..], &open[..]) {
        (_, [], _) => Err(Unavailable::state("gate", format!("nothing waits at a gate of {place}"))),
        (Some(run), ..) => {
            let named = standing.iter().copied().find(|gate| gate.run == *run);
            named.ok_or_else(|| {
                let waits = listed(&standing);
                Unavailable::state("gate", format!("run {}/{run} does not wait there; {waits}", place.service))
            })
        }
        (None, [only], _) | (None, _, [only]) => Ok(*only),
        (None, [newest, ..], []) => Ok(*newest),
        (None, _, several) => {
            let reason = format!("more than one run waits at the gate of {place}: {}", listed(several));
            Err(Unavailable::state("gate", reason).cleared_by("naming one with --run"))
        }
    }
}

fn listed(gates: &[&Gate]) -> String {
    let runs = gates.iter().map(|gate| match &gate.release {
        Some(release) => format!("run {} with {release} {}", gate.run_key(), gate.state),
        None => format!("run {} {}", gate.run_key(), gate.state),
    });
    runs.collect::<Vec<_>>().join(", ")
}

fn decide(
    world: &World<'_>,
    found: &Found<'_>,
    gate: &Gate,
    verdict: Verdict,
    comment: Option<&Text>,
    (title, after, undo): (&'static str, String, &str),
) -> Plan {
    let action = if verdict == Verdict::Reject { Action::Reject } else { Action::Approve };
    let release = gate.release.as_ref().map_or_else(|| "a release".into(), ToString::to_string);
    let deed = GateDeed {
        gate: gate.id.clone(),
        place: gate.place(),
        run: gate.run_key(),
        verdict,
        comment: comment.cloned(),
    };
    let mut interlocks = vec![quorum::quorum(gate)];
    if verdict != Verdict::Reject {
        interlocks.push(evidence::evidence(gate, &found.rules(world)));
    }
    let draft = Draft {
        action,
        title,
        before: format!("waits, {} of {} approvals", gate.approvals.have, gate.approvals.need),
        after,
        about: Some(format!("{release} of run {}, started by {}", gate.run_key(), initiator(gate))),
        deed: Deed::Gate(deed),
        expectation: Expectation::Decided(
            Decided { gate: gate.id.clone(), run: gate.run_key(), release: gate.release.clone(), verdict },
            gate.place(),
        ),
        limit: Duration::from_mins(1),
        interlocks,
        undo: undo.into(),
        toward: if verdict == Verdict::Reject { Toward::Safety } else { Toward::Users },
    };
    let mut plan = draft.at(world, found);
    plan.revision = Some(gate.revision.clone());
    plan.order.expect = Some(gate.revision.clone());
    plan.reason_required |= gate.comment_required && comment.is_none();
    plan
}

fn initiator(gate: &Gate) -> &str {
    gate.initiator.as_ref().map_or("nobody known", Text::as_str)
}
