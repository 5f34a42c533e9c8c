//! Shift: everything that is ordered about traffic that moves, or could.

use crate::domain::ids::Place;
use crate::domain::order::RolloutDeed;
use crate::domain::release::compare;
use crate::domain::rollout::{Color, Phase, RolloutKind, Weight};
use crate::domain::text::Text;
use crate::engine::deeds::{Orderer, accepted_at, freeze, hold, refuse};
use crate::engine::rules::places::target;
use crate::engine::rules::{arrivals, ladder, rollouts};
use crate::engine::spec::Step;
use crate::engine::state::deployment::Cause;
use crate::engine::state::person::Initiator;
use crate::engine::state::place::{Goal, Rollout, Standing};
use crate::engine::store::Draft;
use crate::protocol::fault::Fault;
use crate::protocol::{Accepted, Shift};

/// Does what is ordered about the traffic of a place.
pub fn shift(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &Shift) -> Result<Accepted, Fault> {
    orderer.at_place(draft, place)?;
    if brings_more(draft, place, order.deed) {
        freeze::admit(draft, orderer, place, order.reason.as_ref())?;
    }
    let done = match order.deed {
        RolloutDeed::SetWeight(weight) => on_ladder(draft, place, |rollout, _, now| Ok(set(rollout, weight, now))),
        RolloutDeed::GoToStep(step) => on_ladder(draft, place, |rollout, rungs, now| go_to(rollout, rungs, step, now)),
        RolloutDeed::Pause => {
            let by = format!("paused by {}", orderer.person.name);
            on_ladder(draft, place, |rollout, _, now| Ok(pause(rollout, &by, now)))
        }
        RolloutDeed::Resume => on_ladder(draft, place, |rollout, _, _| Ok(resume(rollout))),
        RolloutDeed::Complete => complete(draft, place),
        RolloutDeed::Abort => abort(draft, orderer, place, order),
        RolloutDeed::Flip(color) => flip(draft, orderer, place, color, order),
    }?;
    let says = match done {
        Done::Already(says) => return Ok(accepted_at(draft, place, says)),
        Done::Now(says) => says,
    };
    let reason = order.reason.as_ref().map(Text::as_str);
    draft.record(&orderer.person.name, word(order.deed), target(place), says.clone(), reason);
    Ok(accepted_at(draft, place, says))
}

/// Whether more of something new reaches the users by this, now or by itself from then on.
fn brings_more(draft: &Draft, place: &Place, deed: RolloutDeed) -> bool {
    let Some(standing) = draft.state().places.get(place) else { return false };
    let weight = standing.rollout.as_ref().map_or(Weight::NONE, |rollout| rollout.weight);
    let rung =
        |step: u32| ladder::rungs(draft.state(), place).get(usize::try_from(step).ok()?.checked_sub(1)?).copied();
    match deed {
        RolloutDeed::SetWeight(to) => to > weight,
        RolloutDeed::GoToStep(step) => rung(step).is_some_and(|rung| rung.weight > weight),
        RolloutDeed::Resume | RolloutDeed::Complete => true,
        RolloutDeed::Pause | RolloutDeed::Abort => false,
        RolloutDeed::Flip(color) => {
            let idle = standing.sets.iter().rev().find(|set| set.color == Some(color)).map(|set| &set.version);
            let active = standing.serving_set().map(|set| &set.version);
            !matches!((idle, active), (Some(then), Some(now)) if compare(then, now).is_lt())
        }
    }
}

/// What came of an order, in words.
enum Done {
    /// It was so before.
    Already(String),
    /// It is decided.
    Now(String),
}

const fn word(deed: RolloutDeed) -> &'static str {
    match deed {
        RolloutDeed::SetWeight(_) => "set_weight",
        RolloutDeed::GoToStep(_) => "go_to_step",
        RolloutDeed::Pause => "pause",
        RolloutDeed::Resume => "resume",
        RolloutDeed::Complete => "full",
        RolloutDeed::Abort => "abort",
        RolloutDeed::Flip(_) => "flip",
    }
}

type Now = jiff::Timestamp;

/// Changes a canary that stands on its ladder. The change is made on a copy, so that what is already so writes nothing.
fn on_ladder(
    draft: &mut Draft,
    place: &Place,
    change: impl FnOnce(&mut Rollout, &[Step], Now) -> Result<Done, Fault>,
) -> Result<Done, Fault> {
    let rungs = ladder::rungs(draft.state(), place);
    let now = draft.now;
    let standing = draft.state().places.get(place);
    let mut rollout = standing.and_then(|s| s.under_way()).cloned().ok_or_else(|| nothing_moves(place))?;
    if !rollout.ladder {
        let reason = format!("the rollout of {} in {} has no steps", rollout.version, place.environment);
        return Err(refuse::not_possible_until(reason, "it ends by itself; abort stops it"));
    }
    may_move(&rollout)?;
    let done = change(&mut rollout, &rungs, now)?;
    if matches!(done, Done::Now(_)) {
        draft.place_mut(place).rollout = Some(rollout);
    }
    Ok(done)
}

fn nothing_moves(place: &Place) -> Fault {
    refuse::not_possible_until(format!("no rollout is under way in {place}"), "promote a release first")
}

fn may_move(rollout: &Rollout) -> Result<(), Fault> {
    let version = &rollout.version;
    match rollout.goal {
        Goal::Weight => Ok(()),
        Goal::Healthy => Err(refuse::not_possible_until(
            format!("the instances of {version} are not healthy yet"),
            "wait for them, or abort",
        )),
        Goal::Complete => Err(refuse::not_possible(format!("{version} is taking over already"))),
        Goal::Abort => Err(refuse::not_possible(format!("{version} is being given up already"))),
    }
}

fn set(rollout: &mut Rollout, weight: Weight, now: Now) -> Done {
    if rollout.weight == weight && rollout.by_hand && rollout.phase == Phase::Waiting {
        return Done::Already(format!("{} has {weight} already", rollout.version));
    }
    ladder::set_weight(rollout, weight, now);
    Done::Now(format!("{} gets {weight}, until a person moves it", rollout.version))
}

fn go_to(rollout: &mut Rollout, rungs: &[Step], step: u32, now: Now) -> Result<Done, Fault> {
    let at = usize::try_from(step).ok().and_then(|step| step.checked_sub(1)).filter(|at| *at < rungs.len());
    let at = at.ok_or_else(|| refuse::not_possible(format!("there are steps 1 to {}, not {step}", rungs.len())))?;
    if rollout.step == Some(at) && !rollout.by_hand && rollout.phase == Phase::Waiting {
        return Ok(Done::Already(format!("{} stands on step {step} already", rollout.version)));
    }
    ladder::stand_on(rollout, rungs, at, now);
    Ok(Done::Now(format!("{} goes to step {step}, {}", rollout.version, rollout.weight)))
}

fn pause(rollout: &mut Rollout, why: &str, now: Now) -> Done {
    if rollout.phase == Phase::Paused {
        return Done::Already("paused already".into());
    }
    ladder::pause(rollout, why, now);
    Done::Now(format!("{} stays at {}", rollout.version, rollout.weight))
}

fn resume(rollout: &mut Rollout) -> Done {
    if rollout.phase != Phase::Paused {
        return Done::Already("not paused".into());
    }
    ladder::resume(rollout);
    Done::Now(format!("{} goes on", rollout.version))
}

fn complete(draft: &mut Draft, place: &Place) -> Result<Done, Fault> {
    let rollout = draft.state().places.get(place).and_then(|standing| standing.rollout.as_ref());
    let rollout = rollout.ok_or_else(|| nothing_moves(place))?;
    let version = rollout.version.clone();
    match (rollout.phase, rollout.goal) {
        (Phase::Complete, _) | (_, Goal::Complete) => return Ok(Done::Already(format!("{version} has taken over"))),
        (phase, _) if !phase.under_way() => return Err(nothing_moves(place)),
        _ => may_move(rollout)?,
    }
    let now = draft.now;
    if let Some(rollout) = draft.place_mut(place).under_way_mut() {
        rollout.stop_baking(now);
        rollouts::complete(rollout);
    }
    Ok(Done::Now(format!("{version} takes all traffic")))
}

fn abort(draft: &mut Draft, orderer: &Orderer, place: &Place, order: &Shift) -> Result<Done, Fault> {
    let rollout = draft.state().places.get(place).and_then(|standing| standing.rollout.as_ref());
    let rollout = rollout.ok_or_else(|| nothing_moves(place))?;
    let version = rollout.version.clone();
    match (rollout.phase, rollout.goal) {
        (Phase::Aborted, _) | (_, Goal::Abort) => return Ok(Done::Already(format!("{version} was given up already"))),
        (phase, _) if !phase.under_way() => return Err(nothing_moves(place)),
        (_, Goal::Complete) => may_move(rollout)?,
        _ => {}
    }
    let reason = order.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    rollouts::abort(draft, place, &format!("aborted by {}{reason}", orderer.person.name));
    hold::set(draft, orderer, place, order.reason.as_ref());
    Ok(Done::Now(format!("{version} is given up; {} is held", place.environment)))
}

fn flip(draft: &mut Draft, orderer: &Orderer, place: &Place, color: Color, order: &Shift) -> Result<Done, Fault> {
    let standing = draft.state().places.get(place).cloned().ok_or_else(|| nothing_moves(place))?;
    let active = standing.serving_set().and_then(|set| set.color);
    let blue_green = standing.rollout.as_ref().is_some_and(|rollout| rollout.kind == RolloutKind::BlueGreen);
    if active.is_none() || !blue_green {
        return Err(refuse::not_possible(format!("{place} is not blue/green")));
    }
    if standing.under_way().is_some() {
        return Err(refuse::not_possible_until("a rollout is under way", "wait for its end, or abort it"));
    }
    if active == Some(color) {
        return Ok(Done::Already(format!("{color} serves already")));
    }
    let version = idle(&standing, orderer, color)?;
    let release = draft.state().release(&place.service, &version).cloned();
    let release = release.ok_or_else(|| refuse::not_possible(format!("the release {version} is gone")))?;
    let by = orderer.person.name.clone();
    let id = draft.next_deployment();
    let mut deployment = arrivals::new(id, place, &release, Initiator::person(&by), by, draft);
    deployment.cause = Cause::Flip;
    deployment.reason = order.reason.as_ref().map(ToString::to_string);
    draft.add_deployment(deployment);
    rollouts::begin(draft, id);
    hold::set(draft, orderer, place, order.reason.as_ref());
    Ok(Done::Now(format!("{color} ({version}) takes all traffic; {} is held", place.environment)))
}

/// The release on the colour that does not serve, if all its instances are healthy.
fn idle(standing: &Standing, orderer: &Orderer, color: Color) -> Result<crate::domain::release::VersionName, Fault> {
    let set = standing.sets.iter().rev().find(|set| set.color == Some(color));
    let set = set.ok_or_else(|| refuse::not_possible(format!("nothing is on {color}")))?;
    let healthy = orderer.observed.healthy(&standing.place, set.id);
    if !set.up || healthy < set.replicas {
        let message = format!("{color} is not healthy: {healthy} of {} instances", set.replicas);
        return Err(refuse::not_possible_until(message, "roll back to its release, which starts it"));
    }
    Ok(set.version.clone())
}
