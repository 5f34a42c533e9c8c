//! Permission: what the source says this person may do.

use super::Interlock;
use crate::actions::World;
use crate::actions::unavailable::Refusal;
use crate::domain::ids::SourceName;

/// What the source's word on this person says.
pub fn permission(world: &World<'_>, source: &SourceName) -> Interlock {
    match world.store.sources().get(source).and_then(|state| state.login.as_ref()) {
        Some(login) if login.may_write => Interlock::clear("permission", format!("{} lets {} act", source, login.name)),
        Some(login) => Interlock::locked(
            "permission",
            Refusal::NotAllowed,
            format!("{source} lets {} look, not act", login.name),
            "a token with a role that may act",
        ),
        None => Interlock::caution("permission", format!("{source} does not say what you may do")),
    }
}
