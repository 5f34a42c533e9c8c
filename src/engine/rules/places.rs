//! What goes on at a place by itself: gates that expire, releases that are overtaken, the next rollout, releases that are
//! kept running for a while.

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::ids::Place;
use crate::engine::rules::{rollouts, stops};
use crate::engine::state::State;
use crate::engine::state::deployment::{Cause, Deployment, Stand};
use crate::engine::state::place::{Set, Standing};
use crate::engine::store::Draft;

/// How many releases that were live are kept ready at a place.
pub const KEPT: usize = 5;

/// Takes a place as far as it can go by itself; whether anything changed.
pub fn advance(draft: &mut Draft, place: &Place) -> bool {
    let expired = expire_gates(draft, place);
    let overtaken = replace_overtaken(draft, place);
    let began = begin_next(draft, place);
    let cooled = cool_down(draft, place);
    expired || overtaken || began || cooled
}

/// Whether `deployment` is the rollout under way at its place.
pub fn rolls(state: &State, deployment: &Deployment) -> bool {
    let standing = state.places.get(&deployment.place);
    standing.and_then(|standing| standing.under_way()).is_some_and(|rollout| rollout.deployment == deployment.id)
}

fn expire_gates(draft: &mut Draft, place: &Place) -> bool {
    let now = draft.now;
    let late = |deployment: &Deployment| {
        deployment.stand == Stand::AtGate && deployment.gate.as_ref().is_some_and(|gate| gate.expires_at <= now)
    };
    let late: Vec<u64> = draft.state().open_deployments(place).filter(|d| late(d)).map(|d| d.id).collect();
    for id in &late {
        end(draft, *id, Stand::Expired, "the gate expired: nobody decided in time");
    }
    !late.is_empty()
}

/// Only the newest release waits for its turn, and none that is older than what came in before it. Those at a gate stand
/// there side by side until one of them, or a newer one, has gone in.
fn replace_overtaken(draft: &mut Draft, place: &Place) -> bool {
    let open: Vec<Arc<Deployment>> = draft.state().open_deployments(place).cloned().collect();
    let mut overtaken = Vec::new();
    for deployment in open.iter().filter(|d| d.stand.waits() && d.cause == Cause::Automatic) {
        if let Some(newer) = newer_in(draft.state(), deployment) {
            overtaken.push((deployment.id, format!("{newer}, which is newer, went in before it")));
            continue;
        }
        let ahead = |other: &&Arc<Deployment>| {
            other.id != deployment.id && turn_taken_by(other, deployment) && deployment.stand != Stand::AtGate
        };
        if let Some(newer) = open.iter().find(ahead) {
            overtaken.push((deployment.id, format!("{}, which is newer, took its turn", newer.version)));
        }
    }
    for (id, says) in &overtaken {
        end(draft, *id, Stand::Replaced, says);
    }
    !overtaken.is_empty()
}

/// Whether `other` waits in the same queue and comes from a newer run (of the same run: from a newer try).
fn turn_taken_by(other: &Deployment, deployment: &Deployment) -> bool {
    let queue = |d: &Deployment| matches!(d.stand, Stand::AwaitsPromote | Stand::Queued) && d.cause == Cause::Automatic;
    queue(other) && queue(deployment) && (other.run, other.id) > (deployment.run, deployment.id)
}

/// The version of a newer run that serves at the place or is on its way there.
fn newer_in(state: &State, deployment: &Deployment) -> Option<String> {
    let standing = state.places.get(&deployment.place)?;
    let live = standing.live.as_ref().filter(|live| live.run > deployment.run).map(|live| live.version.to_string());
    live.or_else(|| {
        let rolling = state.deployments.get(&standing.under_way()?.deployment)?;
        (rolling.run > deployment.run && rolling.cause != Cause::RollBack).then(|| rolling.version.to_string())
    })
}

/// Begins the rollout whose turn it is: what a person ordered first, then what comes by itself unless the place is held. An emergency
/// stop keeps out all that brings something new.
fn begin_next(draft: &mut Draft, place: &Place) -> bool {
    let Some(standing) = draft.state().places.get(place) else { return false };
    if standing.under_way().is_some() {
        return false;
    }
    let held = standing.hold.is_some();
    let stopped = stops::at(draft, place).is_some();
    let may = |d: &&Arc<Deployment>| d.stand == Stand::Queued && (!stopped || stops::is_free(d));
    let queued = || draft.state().open_deployments(place).filter(may);
    let ordered = queued().find(|d| d.deliberate());
    let next = ordered.or_else(|| queued().find(|_| !held)).map(|d| d.id);
    next.is_some_and(|id| rollouts::begin(draft, id))
}

/// Stops sets whose time is over, and forgets those that have stopped.
fn cool_down(draft: &mut Draft, place: &Place) -> bool {
    let Some(standing) = draft.state().places.get(place).cloned() else { return false };
    let now = draft.now;
    let late = |set: &Set| set.up && !needed(&standing, set) && set.keep_until.is_none_or(|until| until <= now);
    let gone = |set: &Set| !set.up && set.instances.is_empty() && !remembered(&standing, set);
    if !standing.sets.iter().any(|set| late(set) || gone(set)) {
        return false;
    }
    let place = draft.place_mut(place);
    for set in place.sets.iter_mut().filter(|set| late(set)) {
        set.up = false;
    }
    place.sets.retain(|set| !gone(set));
    true
}

/// Whether a set serves, or is being brought in.
pub fn needed(standing: &Standing, set: &Set) -> bool {
    let moving =
        standing.under_way().is_some_and(|rollout| rollout.candidate == set.id || rollout.stable == Some(set.id));
    moving || standing.serving == Some(set.id)
}

/// A set that is down but still named: the last one on the idle colour, and what the record points at.
fn remembered(standing: &Standing, set: &Set) -> bool {
    let newest_of_color = |color| standing.sets.iter().rev().find(|other| other.color == Some(color)).map(|o| o.id);
    needed(standing, set) || set.color.is_some_and(|color| newest_of_color(color) == Some(set.id))
}

/// The next moment at which something here happens by itself: a gate expires, a set need not be kept any longer, an
/// emergency stop is over.
pub fn next_deadline(state: &State) -> Option<Timestamp> {
    let gates = state.deployments.values().filter(|d| d.stand == Stand::AtGate);
    let gates = gates.filter_map(|d| d.gate.as_ref()).map(|gate| gate.expires_at);
    let sets = state.places.values().flat_map(|standing| {
        standing.sets.iter().filter(|set| set.up && !needed(standing, set)).filter_map(|set| set.keep_until)
    });
    let stop = state.stop.as_ref().and_then(|stop| stop.until);
    gates.chain(sets).chain(stop).min()
}

fn end(draft: &mut Draft, id: u64, stand: Stand, says: &str) {
    let now = draft.now;
    let Some(deployment) = draft.deployment_mut(id) else { return };
    deployment.end(stand, Some(says.to_owned()), now);
    let (target, version) = (target(&deployment.place), deployment.version.clone());
    let word = if stand == Stand::Expired { "expired" } else { "replaced" };
    draft.record("engine", word, target, format!("{version}: {says}"), None);
}

/// A place as the audit names it.
pub fn target(place: &Place) -> String {
    format!("{}/{}", place.service, place.environment)
}
