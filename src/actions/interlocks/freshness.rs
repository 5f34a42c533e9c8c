//! Freshness: a lever rests on what was just seen; where the source cannot be asked, it does not move.

use super::Interlock;
use crate::actions::World;
use crate::actions::unavailable::Refusal;
use crate::clock::since;
use crate::domain::ids::SourceName;
use crate::store::freshness::Age;

/// What freshness says about a value of `source` that was true at `at`.
pub fn freshness(world: &World<'_>, source: &SourceName, at: jiff::Timestamp) -> Interlock {
    let age = since(at, world.now);
    let problem = world.store.sources().get(source).and_then(|state| state.problem.as_ref());
    if let Some(problem) = problem {
        let reason = format!("{source} does not answer: {}; last seen {} ago", problem.message, Age::step(age));
        return Interlock::locked("freshness", Refusal::Unreachable, reason, "the source answering again");
    }
    Interlock::clear("freshness", format!("seen {} s ago", age.as_secs()))
}
