//! The ladder of a canary: standing on a rung, going to another, a weight set by hand, pausing and going on.

use jiff::Timestamp;

use super::arrivals::template;
use super::rollouts;
use crate::domain::ids::Place;
use crate::domain::rollout::{Phase, Weight};
use crate::engine::spec::{self, Step};
use crate::engine::state::State;
use crate::engine::state::place::{Goal, Rollout, Standing};
use crate::engine::store::Draft;

/// The canary that the rollout at a place follows.
pub fn canary<'a>(state: &'a State, place: &Place) -> Option<&'a spec::Canary> {
    let standing = state.places.get(place)?;
    let rollout = standing.rollout.as_ref()?;
    let release = state.release(&place.service, &rollout.version)?;
    match &template(state, place, &release.pipeline)?.rollout {
        spec::Rollout::Canary(canary) => Some(canary),
        _ => None,
    }
}

/// Its rungs; none for what is no canary.
pub fn rungs(state: &State, place: &Place) -> Vec<Step> {
    canary(state, place).map(|canary| canary.steps.clone()).unwrap_or_default()
}

/// Lets the rollout stand on a rung; past the last one, and on an automatic one of 100 %, it completes.
pub fn stand_on(rollout: &mut Rollout, rungs: &[Step], at: usize, now: Timestamp) {
    let Some(rung) = rungs.get(at) else { return rollouts::complete(rollout) };
    rollout.stop_baking(now);
    rollout.baked_ms = 0;
    rollout.step = Some(at);
    rollout.by_hand = false;
    rollout.message = None;
    if rung.weight == Weight::ALL && !rung.manual {
        return rollouts::complete(rollout);
    }
    rollout.weight = rung.weight;
    rollout.goal = Goal::Weight;
    rollout.phase = Phase::Waiting;
}

/// Gives the candidate a weight by hand; it stays until a person moves it.
pub fn set_weight(rollout: &mut Rollout, weight: Weight, now: Timestamp) {
    rollout.stop_baking(now);
    rollout.step = rollout.step.or(Some(0));
    rollout.weight = weight;
    rollout.by_hand = true;
    rollout.goal = Goal::Weight;
    rollout.phase = Phase::Waiting;
    rollout.message = None;
}

/// Stops where it is.
pub fn pause(rollout: &mut Rollout, why: &str, now: Timestamp) {
    rollout.stop_baking(now);
    rollout.phase = Phase::Paused;
    rollout.message = Some(why.to_owned());
}

/// Goes on from where it was paused; the bake time that had passed counts.
pub fn resume(rollout: &mut Rollout) {
    rollout.phase = Phase::Waiting;
    rollout.message = None;
}

/// At the start of an engine: a stretch of bake time that an earlier one did not see the end of begins anew, once the
/// split is held again. Time in which there was no traffic must not count, and how much of it that was nobody knows.
pub fn bake_anew(draft: &mut Draft) {
    let bakes = |standing: &Standing| standing.under_way().is_some_and(|rollout| rollout.baking_since.is_some());
    let standings = draft.state().places.values().filter(|standing| bakes(standing));
    let places: Vec<Place> = standings.map(|standing| standing.place.clone()).collect();
    for place in places {
        draft.place_mut(&place).under_way_mut().into_iter().for_each(|rollout| rollout.baking_since = None);
    }
}

/// Whether the rollout stands on a rung whose bake time runs, or will once its weight is there.
pub fn bakes(rollout: &Rollout, rungs: &[Step]) -> bool {
    let manual = rollout.step.and_then(|at| rungs.get(at)).is_none_or(|rung| rung.manual);
    rollout.goal == Goal::Weight && rollout.phase == Phase::Waiting && !rollout.by_hand && !manual
}

/// What is left of the present rung's bake time, in milliseconds; `None` where nothing bakes.
pub fn bake_left_ms(rollout: &Rollout, rungs: &[Step], now: Timestamp) -> Option<u64> {
    let rung = rungs.get(rollout.step?)?;
    let paused = rollout.phase == Phase::Paused && !rollout.by_hand && !rung.manual;
    (bakes(rollout, rungs) || paused).then(|| {
        let whole = u64::try_from(rung.bake.as_millis()).unwrap_or(u64::MAX);
        whole.saturating_sub(rollout.baked_ms(now))
    })
}
