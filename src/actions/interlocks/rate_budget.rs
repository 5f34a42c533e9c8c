//! Rate budget: a source that may hardly be asked any more cannot be told much, nor be watched.

use std::time::Duration;

use super::Interlock;
use crate::actions::World;
use crate::actions::plan::LOOK;
use crate::actions::unavailable::Refusal;
use crate::domain::ids::SourceName;
use crate::domain::stop::moment;

/// What is left of the budget of `source` says about acting and watching the end for as long as `limit`; `None` where
/// it tells of none, or where all of it may be used again.
pub fn rate_budget(world: &World<'_>, source: &SourceName, limit: Duration) -> Option<Interlock> {
    let budget = world.store.sources().get(source)?.budget?;
    if budget.resets_at.is_some_and(|at| at <= world.now) {
        return None;
    }
    let (until, time) = match budget.resets_at {
        Some(at) => (format!(" until {}", moment(at)), format!("time: {source} may be asked again {}", moment(at))),
        None => (String::new(), "time".to_owned()),
    };
    let left = format!("{} of {} questions to {source} are left{until}", budget.left, budget.limit);
    // One to read it again, one to act, and those that watch.
    let needed = u64::try_from(2 + limit.as_millis() / LOOK.as_millis()).unwrap_or(u64::MAX);
    let interlock = match budget.left {
        0 => Interlock::locked("rate_budget", Refusal::Unreachable, format!("no more: {left}"), time),
        some if some < needed => {
            let few = format!("{left}: acting and watching the end may take {needed}");
            Interlock::caution("rate_budget", few)
        }
        _ => Interlock::clear("rate_budget", left),
    };
    Some(Interlock { until: budget.resets_at, ..interlock })
}
