//! A gate as one person sees it.

use crate::domain::gate::{self, Approvals, GateState};
use crate::domain::ids::{Place, RunId};
use crate::domain::text::Text;
use crate::engine::deeds::decide::why_not;
use crate::engine::state::deployment::{Deployment, Gate, Stand};
use crate::engine::state::revision;
use crate::engine::view::View;

/// The gates of a place, newest first: those that wait, else one that is approved and not started, else the last one if
/// it was closed and nothing came after it.
pub fn gates(view: &View<'_>, place: &Place) -> Vec<gate::Gate> {
    let here = || view.state.deployments.values().rev().filter(|deployment| deployment.place == *place);
    let with = |stand: Stand| here().filter(move |d| d.stand == stand).filter_map(|d| gate(view, d));
    let waiting: Vec<_> = with(Stand::AtGate).collect();
    if !waiting.is_empty() {
        return waiting;
    }
    let approved = with(Stand::Queued).next();
    let closed = || here().next().filter(|d| matches!(d.stand, Stand::Rejected | Stand::Expired));
    approved.or_else(|| gate(view, closed()?)).into_iter().collect()
}

/// The gate of a deployment; `None` if it never stood at one.
pub fn gate(view: &View<'_>, deployment: &Deployment) -> Option<gate::Gate> {
    let record = deployment.gate.as_ref()?;
    let state = state(deployment.stand);
    let why = (state == GateState::Waiting).then(|| why_not(deployment, record, view.person)).flatten();
    Some(gate::Gate {
        id: deployment.gate_id(),
        service: deployment.place.service.clone(),
        environment: deployment.place.environment.clone(),
        run: RunId::new(deployment.run.to_string()),
        release: Some(deployment.version.clone()),
        state,
        since: Some(record.since),
        expires_at: Some(record.expires_at),
        approvals: Approvals { have: record.approvals(), need: record.need },
        approvers: record.roles.iter().map(Text::new).collect(),
        decisions: record.decisions.clone(),
        evidence: Vec::new(),
        initiator: Some(Text::new(&deployment.initiator.name)),
        may_approve: Some(state == GateState::Waiting && why.is_none()),
        why_not: why.map(Text::new),
        guarded: guards(record),
        comment_required: record.comment_required,
        revision: revision::gate(deployment),
    })
}

/// Whether a gate keeps anybody out: the initiator, or those without a role above reading and acting.
pub fn guards(gate: &Gate) -> bool {
    !gate.self_approval
}

const fn state(stand: Stand) -> GateState {
    match stand {
        Stand::AtGate => GateState::Waiting,
        Stand::Queued => GateState::ApprovedNotStarted,
        Stand::Rolling | Stand::Succeeded | Stand::Failed => GateState::Approved,
        Stand::Rejected => GateState::Rejected,
        Stand::Expired | Stand::AwaitsPromote | Stand::Cancelled | Stand::Replaced => GateState::Expired,
    }
}
