//! Shift a canary: type a weight, step, pause, resume, complete, abort.

use std::time::Duration;

use super::World;
use super::expectation::{Expectation, Rung};
use super::interlocks::{Interlock, bake, samples, verdict};
use super::plan::{Action, Plan};
use super::policy::TierPolicy;
use super::request::CanaryMove;
use super::target::{self, Draft, Found, Toward};
use super::unavailable::Unavailable;
use crate::domain::change::Back;
use crate::domain::ids::Place;
use crate::domain::order::{Deed, RolloutDeed};
use crate::domain::release::VersionName;
use crate::domain::rollout::{Phase, Rollout, RolloutKind, Side, Weight};

/// The plan to move the canary at `place`.
pub fn shift_canary(world: &World<'_>, place: &Place, to: CanaryMove) -> Result<Plan, Unavailable> {
    let found = target::place(world, place)?;
    let rollout = canary(&found, place)?;
    under_way(&found, place, rollout, to)?;
    let shift = shift(place, rollout, to)?;
    let stable = version(rollout.stable.as_ref(), "the stable release");
    let raises = shift.weight.is_some_and(|weight| weight > rollout.set_weight.unwrap_or_default());
    let interlocks = if raises { before_more(rollout, &found.rules(world)) } else { Vec::new() };
    let draft = Draft {
        action: Action::Canary,
        title: shift.title,
        before: standing(rollout),
        after: shift.after,
        about: Some(format!(
            "{} over {}",
            side(rollout.candidate.as_ref(), "candidate"),
            side(rollout.stable.as_ref(), "stable")
        )),
        deed: Deed::Rollout(place.clone(), shift.deed),
        expectation: shift.expectation,
        limit: Duration::from_mins(1),
        interlocks,
        undo: match to {
            CanaryMove::Abort => "promote the release again: it starts at the first step".into(),
            CanaryMove::Full => format!("roll back to {stable}, a few seconds"),
            _ => format!("abort returns all traffic to {stable} at once"),
        },
        toward: if raises || to == CanaryMove::Resume { Toward::Users } else { Toward::Safety },
    };
    let mut plan = draft.at(world, &found);
    if to == CanaryMove::Abort {
        plan.interlocks
            .push(Interlock::caution("hold", format!("holds automatic deployment of {}", place.environment)));
        let sides = rollout.candidate.as_ref().zip(rollout.stable.as_ref());
        plan.back =
            sides.map(|(from, to)| Back { place: place.clone(), from: from.version.clone(), to: to.version.clone() });
    }
    Ok(plan)
}

/// What must be clear before the candidate gets more.
fn before_more(rollout: &Rollout, rules: &TierPolicy) -> Vec<Interlock> {
    let mut interlocks = vec![verdict::verdict(rollout, rules)];
    interlocks.extend(samples::samples(rollout, rules));
    interlocks.extend(bake::bake(rollout, rules));
    interlocks
}

struct Shift {
    title: &'static str,
    after: String,
    weight: Option<Weight>,
    deed: RolloutDeed,
    expectation: Expectation,
}

fn canary<'a>(found: &Found<'a>, place: &Place) -> Result<&'a Rollout, Unavailable> {
    match &found.environment.rollout {
        Some(rollout) if rollout.kind == RolloutKind::Canary => Ok(rollout),
        Some(rollout) => Err(Unavailable::state("rollout", format!("{place} is {}, not a canary", kind(rollout.kind)))),
        None => Err(Unavailable::state("rollout", format!("{place} has no rollout"))),
    }
}

fn kind(kind: RolloutKind) -> &'static str {
    match kind {
        RolloutKind::BlueGreen => "blue/green",
        RolloutKind::Replace => "replaced all at once",
        RolloutKind::Canary => "a canary",
        RolloutKind::Unknown => "of a kind not known here",
    }
}

fn under_way(found: &Found<'_>, place: &Place, rollout: &Rollout, to: CanaryMove) -> Result<(), Unavailable> {
    if rollout.phase.under_way() {
        return Ok(());
    }
    let stable =
        found.environment.release.as_ref().map_or_else(|| "nothing".into(), |release| release.version.to_string());
    match to {
        CanaryMove::Abort if rollout.phase == Phase::Aborted => {
            Err(Unavailable::already(format!("already aborted: {stable} serves all of {place}")))
        }
        CanaryMove::Full if rollout.phase == Phase::Complete => {
            Err(Unavailable::already(format!("already complete: {stable} serves all of {place}")))
        }
        _ => Err(Unavailable::state("rollout", format!("no canary is under way in {place}: {stable} serves all"))
            .cleared_by("promoting a release")),
    }
}

fn shift(place: &Place, rollout: &Rollout, to: CanaryMove) -> Result<Shift, Unavailable> {
    match to {
        CanaryMove::Set(weight) => set(place, rollout, weight),
        CanaryMove::Next => step(place, rollout, rollout.next_step()),
        CanaryMove::Previous => step(place, rollout, rollout.previous_step()),
        CanaryMove::Pause if rollout.phase == Phase::Paused => Err(Unavailable::already("already paused")),
        CanaryMove::Pause => Ok(phase(place, "Pause canary", "paused", RolloutDeed::Pause)),
        CanaryMove::Resume if rollout.phase != Phase::Paused => Err(Unavailable::already("not paused")),
        CanaryMove::Resume => Ok(phase(place, "Resume canary", "goes on", RolloutDeed::Resume)),
        CanaryMove::Full => {
            let version = candidate(rollout).ok_or_else(|| Unavailable::state("rollout", "no candidate is known"))?;
            Ok(Shift {
                title: "Promote canary fully",
                after: "100 %, rollout complete".into(),
                weight: Some(Weight::ALL),
                deed: RolloutDeed::Complete,
                expectation: Expectation::Serves(place.clone(), version),
            })
        }
        CanaryMove::Abort => Ok(Shift {
            title: "Abort canary",
            after: "0 %, given up".into(),
            weight: None,
            deed: RolloutDeed::Abort,
            expectation: Expectation::Aborted(place.clone()),
        }),
    }
}

fn set(place: &Place, rollout: &Rollout, weight: Weight) -> Result<Shift, Unavailable> {
    if rollout.set_weight == Some(weight) && rollout.actual_weight == Some(weight) {
        return Err(Unavailable::already(format!("the candidate already has {weight}")));
    }
    Ok(Shift {
        title: "Shift canary",
        after: weight.to_string(),
        weight: Some(weight),
        deed: RolloutDeed::SetWeight(weight),
        expectation: Expectation::Weight(place.clone(), candidate(rollout), weight),
    })
}

fn step(place: &Place, rollout: &Rollout, to: u32) -> Result<Shift, Unavailable> {
    let Some(rung) = rollout.rung(to) else {
        let end = if to == 0 { "first" } else { "last" };
        return Err(Unavailable::state("step", format!("it stands on the {end} step")));
    };
    Ok(Shift {
        title: "Step canary",
        after: format!("{}, step {to} of {}", rung.weight, rollout.steps.len()),
        weight: Some(rung.weight),
        deed: RolloutDeed::GoToStep(to),
        expectation: Expectation::Step(
            place.clone(),
            candidate(rollout),
            Rung { from: rollout.at(), to, weight: rung.weight },
        ),
    })
}

fn candidate(rollout: &Rollout) -> Option<VersionName> {
    rollout.candidate.as_ref().map(|side| side.version.clone())
}

fn phase(place: &Place, title: &'static str, after: &str, deed: RolloutDeed) -> Shift {
    let paused = deed == RolloutDeed::Pause;
    Shift { title, after: after.into(), weight: None, deed, expectation: Expectation::Paused(place.clone(), paused) }
}

fn standing(rollout: &Rollout) -> String {
    let weight = rollout.set_weight.unwrap_or_default();
    match rollout.phase {
        Phase::Paused => format!("{weight}, paused"),
        _ => weight.to_string(),
    }
}

fn version(side: Option<&Side>, otherwise: &str) -> String {
    side.map_or_else(|| otherwise.to_owned(), |side| side.version.to_string())
}

fn side(side: Option<&Side>, otherwise: &str) -> String {
    let Some(known) = side else { return otherwise.to_owned() };
    match &known.commit {
        Some(commit) => format!("{} ({:.7})", known.version, commit.as_str()),
        None => known.version.to_string(),
    }
}
