//! A release arrives at an environment: whether a person must promote it, which gate it stands at, what it waits for.

use jiff::SignedDuration;

use crate::domain::ids::{EnvironmentName, Place};
use crate::engine::rules::{places, rollouts};
use crate::engine::spec::Environment;
use crate::engine::state::State;
use crate::engine::state::deployment::{Cause, Deployment, Gate, Stand};
use crate::engine::state::person::Initiator;
use crate::engine::state::release::Release;
use crate::engine::state::run::Run;
use crate::engine::store::Draft;

/// What the service's pipeline in force says of a place; if it no longer has it, what `other` says. Gates and `auto` are
/// asked here and not of the release's own file, so that a branch cannot leave out the gate it is to stand at.
pub fn rules_of<'a>(state: &'a State, place: &Place, other: Option<&str>) -> Option<&'a Environment> {
    let of = |pipeline: &'a crate::engine::spec::Pipeline| {
        pipeline.environments.iter().find(|environment| environment.name == place.environment)
    };
    let in_force = state.pipeline_of(&place.service).and_then(|pipeline| of(pipeline));
    in_force.or_else(|| of(state.pipeline(other?)?))
}

/// What a release's own pipeline file says of a place: how it is started and how traffic moves to it.
pub fn template<'a>(state: &'a State, place: &Place, pipeline: &str) -> Option<&'a Environment> {
    let own = state.pipeline(pipeline);
    let own = own.and_then(|own| own.environments.iter().find(|environment| environment.name == place.environment));
    own.or_else(|| rules_of(state, place, None))
}

/// A run brings its release to `environment`; the number of the deployment, or why there is none.
pub fn by_run(draft: &mut Draft, run: &Run, environment: &EnvironmentName) -> Result<u64, String> {
    let place = Place { service: run.service.clone(), environment: environment.clone() };
    let version = run.release.clone().ok_or("the run made no release")?;
    let release = draft.state().release(&run.service, &version).cloned().ok_or("the release is gone")?;
    if release.gone {
        return Err(format!("the files of {version} were removed to make room; run it all again: retry"));
    }
    let rules = rules_of(draft.state(), &place, run.pipeline.as_deref()).cloned();
    let rules = rules.ok_or_else(|| format!("no pipeline file describes {environment} any more"))?;
    let id = draft.next_deployment();
    let stand = if rules.auto { Stand::Queued } else { Stand::AwaitsPromote };
    let by = run.starter.clone().unwrap_or_else(|| run.author.name.clone());
    let mut deployment = new(id, &place, &release, run.initiator(), by, draft);
    deployment.by_run = true;
    deployment.run = run.number;
    deployment.stand = stand;
    if stand == Stand::Queued {
        stand_at_gate(&mut deployment, &rules, draft);
    }
    draft.add_deployment(deployment);
    draft.place_mut(&place);
    Ok(id)
}

/// A deployment that nothing was decided about yet: queued, brought about by the run itself.
pub fn new(id: u64, place: &Place, release: &Release, initiator: Initiator, by: String, draft: &Draft) -> Deployment {
    Deployment {
        id,
        place: place.clone(),
        version: release.version.clone(),
        run: release.run,
        by_run: false,
        cause: Cause::Automatic,
        initiator,
        by,
        reason: None,
        breaks: false,
        stand: Stand::Queued,
        detail: None,
        gate: None,
        arrived_at: draft.now,
        began_at: None,
        ended_at: None,
    }
}

/// Puts a deployment at the gate of its place, if there is one.
pub fn stand_at_gate(deployment: &mut Deployment, rules: &Environment, draft: &Draft) {
    let Some(gate) = &rules.gate else { return };
    let expires = SignedDuration::try_from(gate.expires).unwrap_or(SignedDuration::MAX);
    deployment.stand = Stand::AtGate;
    deployment.gate = Some(Gate {
        need: gate.approvals,
        roles: gate.roles.clone(),
        self_approval: gate.self_approval,
        comment_required: gate.comment_required,
        since: draft.now,
        expires_at: draft.now.checked_add(expires).unwrap_or(jiff::Timestamp::MAX),
        decisions: Vec::new(),
    });
}

/// Stops a deployment because its run was told to stop: what waits goes, what rolls goes back. Does not hold the place.
pub fn cancel(draft: &mut Draft, id: u64, says: &str) {
    let Some(deployment) = draft.state().deployments.get(&id).cloned() else { return };
    if deployment.stand.waits() {
        let now = draft.now;
        if let Some(deployment) = draft.deployment_mut(id) {
            deployment.end(Stand::Cancelled, Some(says.to_owned()), now);
        }
    } else if deployment.stand == Stand::Rolling && places::rolls(draft.state(), &deployment) {
        rollouts::abort(draft, &deployment.place, says);
    }
}
