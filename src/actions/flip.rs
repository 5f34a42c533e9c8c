//! Flip: let the other colour serve.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::interlocks::Interlock;
use super::plan::{Action, Plan};
use super::target::{self, Draft, Toward};
use super::unavailable::Unavailable;
use crate::domain::change::Back;
use crate::domain::ids::Place;
use crate::domain::order::{Deed, RolloutDeed};
use crate::domain::release::{VersionName, compare};
use crate::domain::rollout::{Color, ColorSide, RolloutKind};

/// The plan to let `to` serve; without one, the colour that does not.
pub fn flip(world: &World<'_>, place: &Place, to: Option<Color>) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let rollout = match &found.environment.rollout {
        Some(rollout) if rollout.kind == RolloutKind::BlueGreen => rollout,
        _ => return Err(Unavailable::state("rollout", format!("{place} is not blue/green"))),
    };
    let (Some(active), Some(idle)) = (&rollout.active, &rollout.idle) else {
        return Err(Unavailable::state("rollout", format!("{place} has only one colour with a release")));
    };
    if to == Some(active.color) {
        return Err(Unavailable::already(format!("{} already serves {place}", active.color)));
    }
    ready(idle)?;
    let held = format!("holds automatic deployment of {}", place.environment);
    let draft = Draft {
        action: Action::Flip,
        title: "Flip",
        before: named(active),
        after: named(idle),
        about: Some(format!("{} takes all traffic from {}", idle.color, active.color)),
        deed: Deed::Rollout(place.clone(), RolloutDeed::Flip(idle.color)),
        expectation: Expectation::Active(place.clone(), idle.color, idle.version.clone()),
        limit: Duration::from_mins(1),
        interlocks: vec![Interlock::clear("health", health(idle)), Interlock::caution("hold", held)],
        undo: format!("flip back to {}, at once while its instances are up", active.color),
        toward: if goes_back(active, idle) { Toward::Safety } else { Toward::Users },
    };
    let back =
        |(from, to): (&VersionName, &VersionName)| Back { place: place.clone(), from: from.clone(), to: to.clone() };
    let sides = active.version.as_ref().zip(idle.version.as_ref()).filter(|_| goes_back(active, idle));
    Ok(Plan { back: sides.map(back), ..draft.at(world, &found) })
}

/// Whether a flip goes to an earlier release; what cannot be told counts as new.
pub(super) fn goes_back(active: &ColorSide, idle: &ColorSide) -> bool {
    matches!((&active.version, &idle.version), (Some(now), Some(then)) if compare(then, now).is_lt())
}

fn ready(idle: &ColorSide) -> Result<(), Unavailable> {
    let color = idle.color;
    if idle.version.is_none() {
        return Err(Unavailable::state("health", format!("nothing is on {color}")).cleared_by("promoting a release"));
    }
    if idle.healthy.unwrap_or(0) == 0 || idle.healthy < idle.replicas {
        return Err(Unavailable::state("health", format!("{color} is not healthy: {}", health(idle)))
            .cleared_by("its instances getting healthy, or rolling back, which starts them"));
    }
    Ok(())
}

fn health(side: &ColorSide) -> String {
    match (side.healthy, side.replicas) {
        (Some(healthy), Some(replicas)) => format!("{healthy} of {replicas} healthy"),
        _ => "health unknown".into(),
    }
}

fn named(side: &ColorSide) -> String {
    side.version.as_ref().map_or_else(|| side.color.to_string(), |version| format!("{} {version}", side.color))
}
