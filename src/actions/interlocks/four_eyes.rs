//! Four eyes: where the policy asks for two, a second person confirms, at a source that knows both.

use super::Interlock;
use crate::actions::World;
use crate::actions::policy::TierPolicy;
use crate::domain::ids::SourceName;

/// What the policy's number of people says, and where the second confirms; `None` where one is enough. Whoever breaks the
/// glass, where that is allowed, needs no second.
pub fn four_eyes(
    world: &World<'_>,
    source: &SourceName,
    rules: &TierPolicy,
) -> Option<(Interlock, Option<SourceName>)> {
    if rules.approvals < 2 {
        return None;
    }
    let alone = rules.break_glass && world.operator.glass.as_ref().is_some_and(|glass| world.now < glass.until);
    let confirms = |name: &&SourceName| world.store.sources().get(*name).is_some_and(|state| state.confirms);
    let at = Some(source).filter(confirms).or_else(|| world.store.sources().keys().find(confirms));
    Some(match at {
        Some(_) if alone => (Interlock::ruled("four_eyes", "a second person must confirm this", ""), None),
        Some(at) => (
            Interlock::caution("four_eyes", format!("a second person must confirm this, through {at}")),
            Some(at.clone()),
        ),
        None => {
            let says = "a second person must confirm this, and no source that answers lets one";
            (Interlock::ruled("four_eyes", says, "an engine among the sources"), None)
        }
    })
}
