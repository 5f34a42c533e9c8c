//! Roll back: go back to a release that was live, at once, and hold the environment.

use crate::domain::ids::Place;
use crate::domain::release::VersionName;
use crate::domain::rollout::Phase;
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted_at, hold, refuse};
use crate::engine::rules::places::target;
use crate::engine::rules::{arrivals, rollouts};
use crate::engine::state::deployment::{Cause, Stand};
use crate::engine::state::person::Initiator;
use crate::engine::state::place::{Rollout, Standing};
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, RollBack};

/// Goes back: an abort, where the release wanted is the one that still serves beside a candidate; else its instances,
/// which run already or are started, take all traffic.
pub fn roll_back(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &RollBack) -> Result<Accepted, Fault> {
    orderer.at_place(draft, place)?;
    let standing = draft.state().places.get(place).cloned();
    let standing = standing.ok_or_else(|| refuse::not_possible(format!("nothing ever served in {place}")))?;
    let version = &order.version;
    let live = standing.live.as_ref().is_some_and(|live| live.version == *version);
    let moving = standing.under_way();
    if live && moving.is_none() {
        return Ok(accepted_at(draft, place, format!("{version} serves all already")));
    }
    if moving.is_some_and(|rollout| is_on_its_way(draft, rollout, version)) {
        return Ok(accepted_at(draft, place, format!("{version} is on its way back already")));
    }
    let kept = standing.kept.iter().find(|kept| kept.live.version == *version);
    if !live && kept.is_none() {
        return Err(not_kept(&standing, version));
    }
    let why = format!("rolled back to {version} by {}", orderer.person.name);
    if live {
        rollouts::abort(draft, place, &why);
    } else {
        give_up(draft, place, &why);
        bring_back(draft, orderer, place, order)?;
    }
    hold::set(draft, orderer, place, order.reason.as_ref());
    let reason = order.reason.as_ref().map(Text::as_str);
    draft.record(&orderer.person.name, "rollback", target(place), format!("back to {version}; held"), reason);
    Ok(accepted_at(draft, place, format!("goes back to {version}; {} is held", place.environment)))
}

fn is_on_its_way(draft: &Draft, rollout: &Rollout, version: &VersionName) -> bool {
    let deployment = draft.state().deployments.get(&rollout.deployment);
    rollout.version == *version && deployment.is_some_and(|deployment| deployment.cause == Cause::RollBack)
}

/// Ends a rollout that is under way, with what serves staying so until the release wanted is ready.
fn give_up(draft: &mut Draft, place: &Place, why: &str) {
    let now = draft.now;
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    rollout.stop_baking(now);
    rollout.phase = Phase::Aborted;
    rollout.message = Some(why.to_owned());
    let (deployment, candidate) = (rollout.deployment, rollout.candidate);
    let standing = draft.place_mut(place);
    if standing.serving != Some(candidate) {
        standing.set_mut(candidate).into_iter().for_each(|set| set.up = false);
    }
    draft.deployment_mut(deployment).into_iter().for_each(|d| d.end(Stand::Failed, Some(why.to_owned()), now));
}

fn bring_back(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &RollBack) -> Result<(), Fault> {
    let version = &order.version;
    let release = draft.state().release(&place.service, version).cloned();
    let release = release.ok_or_else(|| refuse::not_found(format!("{} has no release {version}", place.service)))?;
    let by = orderer.person.name.clone();
    let id = draft.next_deployment();
    let mut deployment = arrivals::new(id, place, &release, Initiator::person(&by), by, draft);
    deployment.cause = Cause::RollBack;
    deployment.reason = order.reason.as_ref().map(ToString::to_string);
    draft.add_deployment(deployment);
    Ok(())
}

fn not_kept(standing: &Standing, version: &VersionName) -> Fault {
    let kept: Vec<_> = standing.kept.iter().map(|kept| kept.live.version.to_string()).collect();
    let kept = if kept.is_empty() { "no earlier release is".to_owned() } else { kept.join(", ") };
    refuse::not_possible_until(format!("{version} is not kept in {}", standing.place), format!("kept: {kept}"))
}
