//! What is expected of rollouts: weight, step, pause, abort, colour.

use super::{Expectation, Progress, Rung};
use crate::domain::environment::Environment;
use crate::domain::release::VersionName;
use crate::domain::rollout::{Color, Phase, Rollout, Weight};

/// That the rollout is where it was moved to.
pub(super) fn moved(expectation: &Expectation, rollout: &Rollout, environment: &Environment) -> Progress {
    match expectation {
        Expectation::Weight(_, candidate, _) | Expectation::Step(_, candidate, _)
            if replaced(rollout, candidate.as_ref()) =>
        {
            Progress::contradicted("another release is on its way")
        }
        Expectation::Weight(_, _, weight) => weighs(rollout, *weight),
        Expectation::Step(_, _, rung) => stepped(rollout, *rung),
        Expectation::Paused(_, on) => paused(rollout, *on),
        Expectation::Aborted(_) => aborted(rollout, environment),
        Expectation::Active(_, color, version) => active(rollout, *color, version.as_ref()),
        _ => Progress::Pending,
    }
}

/// Whether a rollout is under way with another candidate.
fn replaced(rollout: &Rollout, candidate: Option<&VersionName>) -> bool {
    let known = rollout.candidate.as_ref().filter(|_| rollout.phase.under_way());
    known.zip(candidate).is_some_and(|(side, expected)| side.version != *expected)
}

/// A step that was passed on the way up counts; on the way down, one that is still above does not.
fn stepped(rollout: &Rollout, rung: Rung) -> Progress {
    match rollout.step {
        Some(at) if at.index == rung.to || rollout.phase == Phase::Complete => weighs(rollout, rung.weight),
        Some(at) if at.index > rung.to && rung.from < rung.to => {
            Progress::reached(format!("already at step {}", at.index))
        }
        _ => contrary(rollout),
    }
}

fn paused(rollout: &Rollout, on: bool) -> Progress {
    match rollout.phase {
        Phase::Paused if on => Progress::reached("paused"),
        Phase::Progressing | Phase::Waiting | Phase::Complete if !on => Progress::reached("goes on"),
        Phase::Complete => Progress::contradicted(why(rollout)),
        _ => contrary(rollout),
    }
}

fn weighs(rollout: &Rollout, weight: Weight) -> Progress {
    match rollout.actual_weight {
        Some(actual) if actual == weight && rollout.set_weight == Some(weight) => {
            Progress::reached(format!("actual weight is {weight}"))
        }
        _ if rollout.phase == Phase::Complete && weight == Weight::ALL => {
            Progress::reached("the candidate serves all traffic")
        }
        _ => contrary(rollout),
    }
}

fn contrary(rollout: &Rollout) -> Progress {
    match rollout.phase {
        Phase::Aborting | Phase::Aborted | Phase::Degraded | Phase::Idle => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

fn aborted(rollout: &Rollout, environment: &Environment) -> Progress {
    let none = rollout.actual_weight.unwrap_or_default() == Weight::NONE;
    match rollout.phase {
        Phase::Aborted | Phase::Idle if none => {
            let stable = environment
                .release
                .as_ref()
                .map_or_else(|| "the stable release".into(), |release| release.version.to_string());
            Progress::reached(format!("{stable} serves all traffic"))
        }
        Phase::Complete => Progress::contradicted("the candidate had already taken over"),
        _ => Progress::Pending,
    }
}

fn active(rollout: &Rollout, color: Color, version: Option<&VersionName>) -> Progress {
    match &rollout.active {
        Some(side) if side.color == color && version.is_some() && side.version.as_ref() != version => {
            Progress::contradicted(format!("{color} serves another release"))
        }
        Some(side) if side.color == color => Progress::reached(format!("{color} serves all traffic")),
        _ if rollout.phase == Phase::Degraded => Progress::contradicted(why(rollout)),
        _ => Progress::Pending,
    }
}

/// Why a rollout stands as it does, in words.
pub(super) fn why(rollout: &Rollout) -> String {
    match &rollout.message {
        Some(message) => format!("{}: {message}", rollout.phase),
        None => rollout.phase.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::domain::ids::Place;

    fn place() -> Place {
        Place { service: "checkout".into(), environment: "production".into() }
    }

    /// How far it is in an environment whose rollout says this beside that it is a canary.
    fn progress(expectation: &Expectation, says: &Value) -> Progress {
        let mut rollout = json!({ "kind": "canary", "steps": [] });
        rollout.as_object_mut().unwrap().extend(says.as_object().unwrap().clone());
        let environment = json!({
            "name": "production", "tier": "production", "state": "live", "held": false, "revision": "1",
            "guarded": true, "kept": [], "releases": [], "later_gates": [], "rollout": rollout,
        });
        let environment: Environment = serde_json::from_value(environment).unwrap();
        moved(expectation, environment.rollout.as_ref().unwrap(), &environment)
    }

    #[test]
    fn a_weight_counts_when_it_is_set_and_actual() {
        let weight = Expectation::Weight(place(), None, Weight::new(37).unwrap());
        let at = |set: u8, actual: u8, phase: &str| {
            progress(&weight, &json!({ "phase": phase, "set_weight": set, "actual_weight": actual }))
        };
        assert_eq!(at(37, 37, "paused"), Progress::reached("actual weight is 37 %"));
        assert_eq!(at(37, 25, "progressing"), Progress::Pending);
        assert_eq!(at(25, 37, "progressing"), Progress::Pending);
        assert_eq!(at(0, 0, "aborted"), Progress::contradicted("aborted"));
    }

    #[test]
    fn a_step_that_was_passed_is_reached() {
        let rung = |from| Rung { from, to: 2, weight: Weight::new(25).unwrap() };
        let step = Expectation::Step(place(), None, rung(1));
        let at =
            |index: u32| progress(&step, &json!({ "phase": "progressing", "step": { "index": index, "count": 4 } }));
        assert_eq!((at(1), at(2)), (Progress::Pending, Progress::Pending));
        assert_eq!(at(3), Progress::reached("already at step 3"));
        let back = Expectation::Step(place(), None, rung(3));
        let stays = json!({ "phase": "progressing", "step": { "index": 3, "count": 4 } });
        assert_eq!(progress(&back, &stays), Progress::Pending);
    }
}
