//! Releases that are brought in and must get healthy first: whether they have, or had their time.

use std::time::Duration;

use super::Ground;
use crate::clock::since;
use crate::engine::observed::{Health, Observed};
use crate::engine::rules::{arrivals, rollouts};
use crate::engine::state::State;
use crate::engine::state::place::{Goal, Set, Standing};

/// How long a candidate may take where its pipeline does not say.
const WITHIN: Duration = Duration::from_secs(30);

/// Tells the rules of every candidate that is healthy or had its time; when the next one has.
pub(super) async fn judge(ground: &Ground, state: &State, observed: &Observed) -> Option<Duration> {
    let mut next: Option<Duration> = None;
    for standing in state.places.values() {
        let Some((set, left)) = awaited(ground, state, standing) else { continue };
        let (place, id) = (standing.place.clone(), set.id);
        let health = observed.sets.get(&(place.clone(), id)).cloned().unwrap_or_default();
        if health.healthy >= set.replicas {
            ground.report(move |draft| rollouts::healthy(draft, &place, id)).await;
        } else if left.is_zero() {
            let why = why(set, &health);
            ground.report(move |draft| rollouts::unhealthy(draft, &place, id, &why)).await;
        } else {
            next = Some(next.map_or(left, |next| next.min(left)));
        }
    }
    next
}

/// The candidate of a place that waits for it, and how long it still may take. Time without an engine does not count.
fn awaited<'a>(ground: &Ground, state: &State, standing: &'a Standing) -> Option<(&'a Set, Duration)> {
    let rollout = standing.under_way().filter(|rollout| rollout.goal == Goal::Healthy)?;
    let set = standing.set(rollout.candidate)?;
    let environment = arrivals::template(state, &standing.place, &set.pipeline);
    let within = environment.and_then(|environment| environment.health.as_ref()).map_or(WITHIN, |health| health.within);
    let began = rollout.began_at.max(ground.core.started_at);
    Some((set, within.saturating_sub(since(began, ground.core.clock.now()))))
}

fn why(set: &Set, health: &Health) -> String {
    let trouble = health.trouble.as_ref().map_or_else(|| "no answer".to_owned(), ToString::to_string);
    format!("{} of {} instances got healthy in time: {trouble}", health.healthy, set.replicas)
}
