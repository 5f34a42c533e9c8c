//! Freeze: call an emergency stop, or take it back.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::interlocks::Interlock;
use super::plan::{Action, Plan, Target};
use super::request::FreezeWish;
use super::target::{Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::SourceName;
use crate::domain::order::{Deed, StopDeed};
use crate::domain::stop::{Brake, Stop, moment, place};
use crate::domain::text::Text;
use crate::store::Seen;

/// The plan to call an emergency stop, or to take one back. Calling it needs a reason: it is for others to read.
pub fn freeze(world: &World<'_>, wish: &FreezeWish) -> Result<Plan, Unavailable> {
    let (source, brake) = find(world, wish)?;
    let standing = brake.stop.as_ref().filter(|stop| stop.stands(world.now));
    possible(world, wish, standing)?;
    let deed = StopDeed { on: wish.on, until: wish.until, tiers: wish.tiers.clone() };
    let draft = Draft {
        action: Action::Freeze,
        title: if wish.on { "Emergency stop" } else { "Take back the emergency stop" },
        before: standing.map_or_else(|| "no emergency stop".into(), told),
        after: if wish.on {
            format!("stopped {}, until {}", place(&wish.tiers), end(wish))
        } else {
            "no emergency stop".into()
        },
        about: Some(about(wish)),
        deed: Deed::Stop(deed),
        expectation: Expectation::Stopped(source.clone(), wish.on),
        limit: Duration::from_secs(30),
        interlocks: (!brake.shared).then(|| Interlock::caution("others", ALONE)).into_iter().collect(),
        undo: if wish.on { "freeze off".into() } else { "freeze on".into() },
        toward: Toward::Safety,
    };
    let target =
        Target { path: source.as_str().to_owned(), name: Text::new(source.as_str()), environment: None, tier: None };
    let at = world.store.sources().get(source).and_then(|state| state.overview_at).unwrap_or(world.now);
    let seen = Seen { value: (), source: source.clone(), at };
    let mut plan = draft.finish(world, target, Some(brake.revision.clone()), &seen);
    plan.reason_required = wish.on;
    Ok(plan)
}

const ALONE: &str = "no engine is configured: it is kept in the state folder of this machine, and others do not see it";

/// Where it is kept: where one stands, if it is to be taken back; else where one can be.
fn find<'a>(world: &World<'a>, wish: &FreezeWish) -> Result<(&'a SourceName, &'a Brake), Unavailable> {
    let named = |source: &SourceName| wish.source.as_ref().is_none_or(|name| name == source);
    let mut kept: Vec<_> = world.store.brakes().filter(|(source, _)| named(source)).collect();
    if !wish.on && kept.iter().any(|(_, brake)| brake.stop.is_some()) {
        kept.retain(|(_, brake)| brake.stop.is_some());
    }
    match kept[..] {
        [only] => Ok(only),
        [] => {
            let reason = "no source that answers keeps an emergency stop";
            Err(Unavailable::state("source", reason).cleared_by("an engine that answers"))
        }
        [(one, _), (other, _), ..] => {
            let reason = format!("{one} and {other} each keep an emergency stop of their own");
            Err(Unavailable::state("source", reason).cleared_by("naming one with --source"))
        }
    }
}

fn possible(world: &World<'_>, wish: &FreezeWish, standing: Option<&Stop>) -> Result<(), Unavailable> {
    if !wish.on && standing.is_none() {
        return Err(Unavailable::already("no emergency stop stands"));
    }
    if wish.on && wish.until.is_some_and(|until| until <= world.now) {
        return Err(Unavailable::state("until", "the end of the emergency stop has passed").cleared_by("a later time"));
    }
    match standing.filter(|stop| wish.on && stop.until == wish.until && stop.tiers == wish.tiers) {
        Some(stop) => Err(Unavailable::already(format!("it is so already: {}", told(stop)))),
        None => Ok(()),
    }
}

fn told(stop: &Stop) -> String {
    match stop.until {
        Some(until) => format!("{}, until {}", stop.says(), moment(until)),
        None => stop.says(),
    }
}

fn end(wish: &FreezeWish) -> String {
    wish.until.map_or_else(|| "somebody takes it back".into(), moment)
}

fn about(wish: &FreezeWish) -> String {
    let words = if wish.on {
        "nothing new comes to the users, by itself or by hand; rolling back, aborting and switching off stay free"
    } else {
        "what waits goes on by itself where it may"
    };
    words.into()
}
