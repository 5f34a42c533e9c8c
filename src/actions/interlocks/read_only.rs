//! Read-only: where it is on, nothing is sent.

use super::Interlock;
use crate::actions::World;
use crate::actions::unavailable::Refusal;

/// What read-only says.
pub fn read_only(world: &World<'_>) -> Option<Interlock> {
    world.operator.read_only.then(|| {
        Interlock::locked(
            "read_only",
            Refusal::Rule,
            "read-only is on",
            "starting without --read-only, or another context",
        )
    })
}
