//! The rules by which things go on: pure transitions of a draft. What a person orders is in `deeds`; what is seen of
//! processes, traffic and repositories is told to the functions here.

pub mod arrivals;
pub mod begin;
pub mod flags;
pub mod instances;
pub mod jobs;
pub mod judging;
pub mod ladder;
pub mod places;
pub mod retention;
pub mod rollouts;
pub mod runs;
pub mod stops;
#[cfg(test)]
pub(in crate::engine) mod tests;

use crate::domain::ids::{Place, ServiceName};
use crate::engine::store::Draft;

/// More rounds than any chain of consequences has; a rule that never comes to rest must not hang the engine.
const ROUNDS: usize = 50;

/// Draws all consequences of a change: what has ended lets the next begin, until nothing more follows.
pub fn settle(draft: &mut Draft) {
    for _ in 0..ROUNDS {
        let runs: Vec<(ServiceName, u64)> = open_runs(draft);
        let mut moved = stops::expire(draft);
        for at in &runs {
            moved |= runs::advance(draft, at);
        }
        let places: Vec<Place> = draft.state().places.keys().cloned().collect();
        for place in &places {
            moved |= places::advance(draft, place);
        }
        if !moved {
            return;
        }
    }
}

fn open_runs(draft: &Draft) -> Vec<(ServiceName, u64)> {
    let runs = draft.state().runs.iter();
    runs.filter(|(_, run)| !run.status.ended()).map(|(at, _)| at.clone()).collect()
}
