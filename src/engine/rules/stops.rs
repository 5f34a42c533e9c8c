//! The emergency stop: while one stands, nothing new goes into the places that it is for; what goes back, and what a person
//! broke the glass for, does.

use crate::domain::environment::Tier;
use crate::domain::ids::Place;
use crate::domain::stop::Stop;
use crate::engine::rules::arrivals;
use crate::engine::state::State;
use crate::engine::state::deployment::{Cause, Deployment};
use crate::engine::store::Draft;

/// The stop that stands for `place` at the draft's time.
pub fn at<'a>(draft: &'a Draft, place: &Place) -> Option<&'a Stop> {
    of(draft.state(), place).filter(|stop| stop.stands(draft.now))
}

/// The stop that was called for `place`, if one was and is not taken back.
pub fn of<'a>(state: &'a State, place: &Place) -> Option<&'a Stop> {
    let tier = arrivals::rules_of(state, place, None).map_or(Tier::Unknown, |rules| rules.tier);
    state.stop.as_deref().filter(|stop| stop.holds(tier, stop.since))
}

/// Whether `deployment` may begin in spite of a stop: it goes back, or a person broke the glass for it.
pub const fn is_free(deployment: &Deployment) -> bool {
    deployment.breaks || matches!(deployment.cause, Cause::RollBack | Cause::Flip)
}

/// Takes a stop back whose time is over; whether there was one.
pub fn expire(draft: &mut Draft) -> bool {
    let over = draft.state().stop.clone().filter(|stop| !stop.stands(draft.now));
    let Some(stop) = over else { return false };
    draft.set_stop(None);
    draft.record("engine", "freeze_end", "engine".into(), format!("its time is over: {}", stop.says()), None);
    true
}
