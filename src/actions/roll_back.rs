//! Roll back: go back to an earlier release at once, and hold the environment so that nothing brings the bad one back.

use std::time::Duration;

use super::World;
use super::expectation::Expectation;
use super::interlocks::Interlock;
use super::plan::{Action, Plan};
use super::target::{self, Draft, Found, Toward};
use super::unavailable::Unavailable;
use crate::domain::change::Back;
use crate::domain::environment::{Environment, Kept};
use crate::domain::ids::Place;
use crate::domain::order::{Deed, DeploymentDeed};
use crate::domain::release::VersionName;

/// The plan to go back to `to`; without one, to the last good release. With `from`, only if that is what is in the way.
pub fn roll_back(
    world: &World<'_>,
    place: &Place,
    to: Option<&VersionName>,
    from: Option<&VersionName>,
) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let bad = bad(found.environment);
    if let (Some(from), Some(bad)) = (from, &bad)
        && from != bad
    {
        return Err(Unavailable::moved(format!("{bad} is in {place}, not {from}: nothing was sent")));
    }
    let to = match to {
        Some(to) => named(&found, place, to)?,
        None => last_good(found.environment, place)?,
    };
    let before = bad.as_ref().map_or_else(|| "nothing serves".into(), ToString::to_string);
    let held = format!("holds automatic deployment of {}", place.environment);
    let draft = Draft {
        action: Action::RollBack,
        title: "Roll back",
        before: before.clone(),
        after: to.to_string(),
        about: Some(how(found.environment, &to)),
        deed: Deed::Deployment(place.clone(), DeploymentDeed::RollBack(to.clone())),
        expectation: Expectation::Serves(place.clone(), to.clone()),
        limit: Duration::from_mins(1),
        interlocks: vec![
            Interlock::caution("hold", held),
            Interlock::caution("data", "takes back the program only: data and configuration stay as they are"),
        ],
        undo: format!("promote {before} again"),
        toward: Toward::Safety,
    };
    let back = bad.map(|from| Back { place: place.clone(), from, to });
    Ok(Plan { back, ..draft.at(world, &found) })
}

/// What is to be got rid of: the candidate while a rollout is under way, else what serves.
fn bad(environment: &Environment) -> Option<VersionName> {
    let moving = environment.rollout.as_ref().filter(|rollout| rollout.phase.under_way());
    let candidate = moving.and_then(|rollout| rollout.candidate.as_ref()).map(|side| side.version.clone());
    candidate.or_else(|| environment.release.as_ref().map(|release| release.version.clone()))
}

fn under_way(environment: &Environment) -> bool {
    environment.rollout.as_ref().is_some_and(|rollout| rollout.phase.under_way() && rollout.candidate.is_some())
}

fn last_good(environment: &Environment, place: &Place) -> Result<VersionName, Unavailable> {
    if under_way(environment)
        && let Some(release) = &environment.release
    {
        return Ok(release.version.clone());
    }
    let live = environment.release.as_ref().map(|release| &release.version);
    let good = |kept: &&Kept| kept.good && Some(&kept.version) != live;
    match environment.kept.iter().find(good) {
        Some(kept) => Ok(kept.version.clone()),
        None => Err(Unavailable::state("release", format!("no earlier good release is kept in {place}"))),
    }
}

fn named(found: &Found<'_>, place: &Place, to: &VersionName) -> Result<VersionName, Unavailable> {
    let environment = found.environment;
    let live = environment.release.as_ref().is_some_and(|release| release.version == *to);
    if live && !under_way(environment) {
        return Err(Unavailable::already(format!("{to} already serves all of {place}")));
    }
    if live || environment.kept.iter().any(|kept| kept.version == *to) {
        return Ok(to.clone());
    }
    let kept: Vec<_> = environment.kept.iter().map(|kept| kept.version.to_string()).collect();
    let kept = if kept.is_empty() { "none".into() } else { kept.join(", ") };
    Err(Unavailable::not_found(format!("{to} is not kept in {place}; kept: {kept}")))
}

fn how(environment: &Environment, to: &VersionName) -> String {
    let live = environment.release.as_ref().is_some_and(|release| release.version == *to);
    let kept = environment.kept.iter().find(|kept| kept.version == *to);
    match kept {
        _ if live => format!("{to} still runs: traffic moves at once"),
        Some(kept) if kept.warm => format!("{to} still runs: traffic moves at once"),
        _ => format!("{to} is kept ready: its instances start first"),
    }
}
