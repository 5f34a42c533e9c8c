//! Promote: bring a release into an environment, the way that environment does it.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::interlocks::{Interlock, environment_order, hold};
use super::plan::{Action, Plan};
use super::target::{self, Draft, Found, Toward};
use super::unavailable::Unavailable;
use crate::domain::ids::Place;
use crate::domain::order::{Deed, DeploymentDeed};
use crate::domain::release::VersionName;
use crate::domain::rollout::RolloutKind;

/// The plan to bring `version` in; without one, what serves in the environment below.
pub fn promote(world: &World<'_>, place: &Place, version: Option<&VersionName>) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let version = match version {
        Some(version) => version.clone(),
        None => from_below(&found, place)?,
    };
    possible(&found, place, &version)?;
    let environment = found.environment;
    let now = environment.release.as_ref().map_or_else(|| "empty".into(), |release| release.version.to_string());
    let mut interlocks: Vec<Interlock> = hold::hold(environment).into_iter().collect();
    let below = found.service.below(&place.environment);
    interlocks.push(environment_order::environment_order(below, &version, &found.rules(world)));
    let draft = Draft {
        action: Action::Promote,
        title: "Promote",
        before: now.clone(),
        after: version.to_string(),
        about: Some(way(&found)),
        deed: Deed::Deployment(place.clone(), DeploymentDeed::Promote(version.clone())),
        expectation: Expectation::Promoted(place.clone(), version),
        limit: Duration::from_mins(3),
        interlocks,
        undo: match environment.release {
            Some(_) => format!("roll back to {now}, a few seconds"),
            None => "none: nothing ran here before".into(),
        },
        toward: Toward::Users,
    };
    let mut plan = draft.at(world, &found);
    // Where nothing is kept to go back to, a key alone is too light.
    if environment.tier.is_production() && environment.release.is_some() && environment.kept.is_empty() {
        plan.typed = Some(found.service.name.as_str().to_owned());
    }
    Ok(plan)
}

fn from_below(found: &Found<'_>, place: &Place) -> Result<VersionName, Unavailable> {
    let Some(below) = found.service.below(&place.environment) else {
        return match found.service.latest_run.as_ref().and_then(|run| run.release.clone()) {
            Some(version) => Ok(version),
            None => Err(Unavailable::state("release", format!("there is no release of {} yet", place.service))),
        };
    };
    match &below.release {
        Some(release) => Ok(release.version.clone()),
        None => Err(Unavailable::state("environment_order", format!("{} has no release to promote", below.name))),
    }
}

fn possible(found: &Found<'_>, place: &Place, version: &VersionName) -> Result<(), Unavailable> {
    let environment = found.environment;
    let rollout = environment.rollout.as_ref();
    if environment.gates().any(|gate| gate.open() && gate.release.as_ref() == Some(version)) {
        return Err(Unavailable::already(format!("{version} already stands at the gate of {}", place.environment)));
    }
    if let Some(rollout) = rollout.filter(|rollout| rollout.phase.under_way()) {
        let candidate = rollout.candidate.as_ref().map_or_else(|| "a release".into(), |side| side.version.to_string());
        if candidate == version.as_str() {
            return Err(Unavailable::already(format!("{version} is already on its way into {}", place.environment)));
        }
        let reason = format!("a rollout of {candidate} is under way in {}", place.environment);
        return Err(Unavailable::state("rollout", reason).cleared_by("completing or aborting it"));
    }
    if environment.release.as_ref().is_some_and(|release| release.version == *version) {
        return Err(Unavailable::already(format!("{version} already serves in {}", place.environment)));
    }
    Ok(())
}

fn way(found: &Found<'_>) -> String {
    let gate = if found.environment.guarded == Some(true) { "stands at its gate first, then " } else { "" };
    let way = match found.environment.rollout.as_ref().map(|rollout| rollout.kind) {
        Some(RolloutKind::Canary) => "goes in as a canary",
        Some(RolloutKind::BlueGreen) => "goes onto the idle colour",
        _ => "replaces what serves",
    };
    format!("{gate}{way}")
}
