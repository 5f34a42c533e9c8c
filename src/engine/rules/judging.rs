//! What a verdict does to a canary. Only a rung that bakes is moved; one that a person holds stays as it is.

use crate::domain::environment::Hold;
use crate::domain::ids::Place;
use crate::domain::rollout::{Verdict, VerdictState};
use crate::domain::text::Text;
use crate::engine::rules::{ladder, places, rollouts, stops};
use crate::engine::spec::OnFail;
use crate::engine::store::Draft;

/// Moves the canary at a place by what was judged: a failure acts at once, the end of the bake time lets it go on if
/// the verdict holds and no emergency stop stands. Without enough samples it stays where it is. `None`: its pipeline judges nothing.
pub fn judged(draft: &mut Draft, place: &Place, verdict: Option<&Verdict>) {
    let rungs = ladder::rungs(draft.state(), place);
    let on_fail = ladder::canary(draft.state(), place).map(|canary| canary.on_fail).unwrap_or_default();
    let now = draft.now;
    let Some(rollout) = draft.state().places.get(place).and_then(|standing| standing.under_way()) else { return };
    if rollout.baking_since.is_none() || !ladder::bakes(rollout, &rungs) {
        return;
    }
    let baked = ladder::bake_left_ms(rollout, &rungs, now) == Some(0);
    match verdict {
        Some(verdict) if verdict.state == VerdictState::Fail => failed(draft, place, on_fail, &why(verdict)),
        Some(verdict) if !matches!(verdict.state, VerdictState::Pass | VerdictState::Marginal) => {}
        _ if baked && stops::at(draft, place).is_none() => next(draft, place),
        _ => {}
    }
}

fn next(draft: &mut Draft, place: &Place) {
    let rungs = ladder::rungs(draft.state(), place);
    let now = draft.now;
    let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
    let at = rollout.step.map_or(0, |at| at + 1);
    ladder::stand_on(rollout, &rungs, at, now);
    let says = format!("{} stands at {}", rollout.version, rollout.weight);
    draft.record("engine", "step", places::target(place), says, None);
}

/// Does what the pipeline says about a candidate that is not good enough.
pub fn failed(draft: &mut Draft, place: &Place, on_fail: OnFail, why: &str) {
    let now = draft.now;
    match on_fail {
        OnFail::Abort => {
            rollouts::fail(draft, place, why);
            let reason = Some(Text::new(why));
            draft.place_mut(place).hold = Some(Hold { by: Text::new("engine"), at: now, reason });
        }
        OnFail::Pause => {
            let Some(rollout) = draft.place_mut(place).under_way_mut() else { return };
            ladder::pause(rollout, why, now);
            draft.record("engine", "pause", places::target(place), why.to_owned(), None);
        }
    }
}

/// Which metrics failed, with their numbers.
fn why(verdict: &Verdict) -> String {
    let failed = verdict.metrics.iter().filter(|metric| metric.state == VerdictState::Fail);
    let words: Vec<_> = failed
        .map(|metric| {
            let number = |value: Option<f64>| value.map_or_else(|| "?".to_owned(), |value| format!("{value:.2}"));
            let (candidate, limit) = (number(metric.candidate), number(metric.limit));
            format!(
                "{} {candidate} {} is over {limit} {} ({})",
                metric.name, metric.unit, metric.unit, metric.condition
            )
        })
        .collect();
    format!("the verdict failed: {}", words.join("; "))
}
