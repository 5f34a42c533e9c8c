//! How the traffic of a place is shown.

use crate::domain::rollout::{Color, ColorSide, Phase, Rollout, RolloutKind, RolloutStep, Side, StepAt, Weight};
use crate::domain::text::Text;
use crate::engine::rules::ladder;
use crate::engine::spec::Step;
use crate::engine::state::place::{self, Set, Standing};
use crate::engine::view::{View, waits};

/// The traffic of a place; `None` where nothing ever was.
pub fn rollout(view: &View<'_>, standing: &Standing) -> Option<Rollout> {
    let record = standing.rollout.as_ref()?;
    let moving = record.phase.under_way();
    let canary = record.kind == RolloutKind::Canary && record.ladder;
    let rungs = ladder::rungs(view.state, &standing.place);
    let shown = moving || record.phase == Phase::Aborted;
    let (active, idle) = colors(view, standing);
    Some(Rollout {
        kind: record.kind,
        phase: record.phase,
        message: if moving { waits::rollout(view, standing) } else { record.message.clone() }.map(Text::new),
        set_weight: canary.then_some(record.weight),
        actual_weight: canary.then(|| actual(view, standing, record)).flatten(),
        step: canary.then(|| step(record, rungs.len())).flatten(),
        steps: if canary { rungs.iter().map(rung).collect() } else { Vec::new() },
        bake_left_ms: if moving { ladder::bake_left_ms(record, &rungs, view.now) } else { None },
        stable: standing.serving_set().map(|set| side(view, standing, set)),
        candidate: shown.then(|| candidate(view, standing, record)),
        active,
        idle,
        verdict: (moving && canary).then(|| view.observed.verdicts.get(&standing.place).cloned()).flatten(),
    })
}

/// The candidate's share as the router holds it.
fn actual(view: &View<'_>, standing: &Standing, record: &place::Rollout) -> Option<Weight> {
    let split = view.observed.splits.get(&standing.place)?;
    let share = split.iter().find(|share| share.set == record.candidate);
    Some(share.map_or(Weight::NONE, |share| share.weight))
}

fn step(record: &place::Rollout, count: usize) -> Option<StepAt> {
    let count = u32::try_from(count).ok()?;
    let at = match record.phase {
        Phase::Complete => count,
        _ => u32::try_from(record.step?).ok()? + 1,
    };
    Some(StepAt { index: at, count })
}

fn rung(step: &Step) -> RolloutStep {
    let bake = u64::try_from(step.bake.as_millis()).unwrap_or(u64::MAX);
    RolloutStep { weight: step.weight, manual: step.manual, bake_ms: (!step.manual).then_some(bake) }
}

fn side(view: &View<'_>, standing: &Standing, set: &Set) -> Side {
    Side {
        version: set.version.clone(),
        commit: Some(Text::new(&set.commit)),
        replicas: Some(set.replicas),
        healthy: Some(view.observed.healthy(&standing.place, set.id)),
    }
}

/// What is brought in; a candidate that was given up has no instances any more.
fn candidate(view: &View<'_>, standing: &Standing, record: &place::Rollout) -> Side {
    match standing.set(record.candidate).filter(|set| set.up) {
        Some(set) => side(view, standing, set),
        None => Side {
            version: record.version.clone(),
            commit: Some(Text::new(&record.commit)),
            replicas: Some(0),
            healthy: Some(0),
        },
    }
}

/// The colour that takes the traffic, and the other one if anything ever was on it.
fn colors(view: &View<'_>, standing: &Standing) -> (Option<ColorSide>, Option<ColorSide>) {
    let Some(serving) = standing.serving_set() else { return (None, None) };
    let Some(color) = serving.color else { return (None, None) };
    let other = standing.sets.iter().rev().find(|set| set.color == Some(color.other()));
    let idle = match other {
        Some(set) => color_side(view, standing, set, color.other()),
        None => ColorSide {
            color: color.other(),
            version: None,
            commit: None,
            replicas: None,
            healthy: None,
            kept_until: None,
        },
    };
    (Some(color_side(view, standing, serving, color)), Some(idle))
}

fn color_side(view: &View<'_>, standing: &Standing, set: &Set, color: Color) -> ColorSide {
    ColorSide {
        color,
        version: Some(set.version.clone()),
        commit: Some(Text::new(&set.commit)),
        replicas: Some(set.replicas),
        healthy: Some(if set.up { view.observed.healthy(&standing.place, set.id) } else { 0 }),
        kept_until: if set.up { set.keep_until } else { None },
    }
}
