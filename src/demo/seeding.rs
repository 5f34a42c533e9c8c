//! From nothing to "ready": what is missing at a service, and the next thing that a person would do about it. Pure.

use super::api::Deed;
use super::shop::{Goal, SAMPLES, Sample};
use crate::domain::environment::Environment;
use crate::domain::flag::{Flag, FlagValue};
use crate::domain::gate::{Gate, GateState};
use crate::domain::ids::{EnvironmentName, Place, Revision, ServiceName};
use crate::domain::observation::Overview;
use crate::domain::rollout::{ColorSide, Phase, Rollout, RolloutKind, Side};
use crate::domain::run::Status;
use crate::domain::service::Service;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Person {
    /// Whose token is `DIR/token`.
    Owner,
    /// Whose configuration is `DIR/second.toml`.
    Second,
}

/// Something to be ordered, by whom, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Who orders it.
    pub by: Person,
    /// What.
    pub deed: Deed,
    /// What was seen.
    pub seen: Revision,
}

/// The name of the owner.
pub const OWNER: &str = "alex";
/// The name of the second person.
pub const SECOND: &str = "sam";

/// Whether all is as it is meant to be at the start.
pub fn is_ready(overview: &Overview) -> bool {
    SAMPLES.iter().all(|sample| {
        let service = overview.services.iter().find(|service| service.name.as_str() == sample.name);
        service.is_some_and(|service| !moves(service) && reached(sample.goal, service))
    })
}

/// Whether a service stands as its sample is meant to.
pub fn reached(goal: Goal, service: &Service) -> bool {
    let Some(production) = service.environments.last() else { return false };
    let live = service.environments.iter().all(|environment| environment.release.is_some());
    live && match goal {
        Goal::Canary => production.rollout.as_ref().is_some_and(stands_at_a_manual_step),
        Goal::TwoColors => production.rollout.as_ref().is_some_and(has_two_colors),
        Goal::Gate => service.environments.iter().all(has_two_releases) && production.gates().any(Gate::open),
        Goal::FailedTest => service.latest_run.as_ref().is_some_and(|run| run.status == Status::Failed),
    }
}

fn stands_at_a_manual_step(rollout: &Rollout) -> bool {
    let manual = Some(manual_step(rollout)) == rollout.step.map(|step| step.index);
    let there = rollout.actual_weight.is_some() && rollout.actual_weight == rollout.set_weight;
    let well = rollout.candidate.as_ref().is_some_and(|side| is_well(side.healthy, side.replicas));
    rollout.phase == Phase::Waiting && manual && there && well
}

fn is_well(healthy: Option<u32>, replicas: Option<u32>) -> bool {
    healthy == replicas && healthy > Some(0)
}

/// The first step that waits for a person; the first is 1.
fn manual_step(rollout: &Rollout) -> u32 {
    let at = rollout.steps.iter().position(|step| step.manual).unwrap_or_default();
    u32::try_from(at).unwrap_or_default() + 1
}

fn has_two_colors(rollout: &Rollout) -> bool {
    let is_well = |side: &Option<ColorSide>| side.as_ref().is_some_and(|side| is_well(side.healthy, side.replicas));
    !rollout.phase.under_way() && is_well(&rollout.active) && is_well(&rollout.idle)
}

fn has_two_releases(environment: &Environment) -> bool {
    environment.release.is_some() && !environment.kept.is_empty()
}

/// What a person would order next at a service that is not there yet.
pub fn order(goal: Goal, service: &Service) -> Option<Order> {
    let production = service.environments.last()?;
    let place = || Place { service: service.name.clone(), environment: production.name.clone() };
    let here = |deed| Some(Order { by: Person::Owner, deed, seen: production.revision.clone() });
    let rolls = rolls(production);
    match goal {
        Goal::Canary => {
            let rollout = production.rollout.as_ref().filter(|rollout| may_walk_up(rollout))?;
            here(Deed::GoToStep(place(), manual_step(rollout)))
        }
        Goal::TwoColors => {
            let next = production.queued.as_ref().filter(|_| !rolls)?;
            here(Deed::Promote(place(), next.version.clone()))
        }
        Goal::Gate if has_two_releases(production) => None,
        Goal::Gate | Goal::FailedTest => approve(production.gates().filter(|gate| gate.open() && !rolls).last()?),
    }
}

fn may_walk_up(rollout: &Rollout) -> bool {
    let below = rollout.step.is_some_and(|step| step.index < manual_step(rollout));
    let well = |side: &Side| is_well(side.healthy, side.replicas);
    rollout.kind == RolloutKind::Canary
        && rollout.phase == Phase::Waiting
        && below
        && rollout.candidate.as_ref().is_some_and(well)
}

fn approve(gate: &Gate) -> Option<Order> {
    let decided = |name: &str| gate.decisions.iter().any(|decision| decision.by.as_str() == name);
    let by = match (decided(OWNER), decided(SECOND)) {
        (false, _) => Person::Owner,
        (true, false) => Person::Second,
        (true, true) => return None,
    };
    Some(Order { by, deed: Deed::Approve(gate.id.clone()), seen: gate.revision.clone() })
}

fn rolls(environment: &Environment) -> bool {
    environment.rollout.as_ref().is_some_and(|rollout| rollout.phase.under_way())
}

/// Whether anything changes at a service by itself; a canary that stands and a gate that waits do not.
fn moves(service: &Service) -> bool {
    let run = service.latest_run.as_ref().is_some_and(|run| run.status.moving());
    let moving = |rollout: &Rollout| rollout.phase.under_way() && rollout.phase != Phase::Waiting;
    run || service.environments.iter().any(|environment| environment.rollout.as_ref().is_some_and(moving))
}

/// Whether an action is under way at a service, or waits for a person to end it: it gets no commit meanwhile.
pub fn is_busy(service: &Service) -> bool {
    let open = |gate: &Gate| matches!(gate.state, GateState::Waiting | GateState::ApprovedNotStarted);
    let run = service.latest_run.as_ref().is_some_and(|run| run.status.moving());
    let taken = |environment: &Environment| rolls(environment) || environment.gates().any(open);
    run || service.environments.iter().any(taken)
}

/// Whether the newest run has come so far that the next release will not overtake its own.
pub fn is_on_its_way(service: &Service) -> bool {
    let Some(run) = &service.latest_run else { return false };
    let first = service.environments.first().map(|environment| environment.name.as_str());
    let deploys = run.stages.iter().find(|stage| Some(stage.name.as_str()) == first);
    run.status.ended() || deploys.is_some_and(|stage| !matches!(stage.status, Status::Queued))
}

/// How flags are set at first; in production only a kill switch is on.
const FLAGS: [(&str, &str, FlagValue); 7] = [
    ("new-basket", "development", FlagValue::On),
    ("new-basket", "staging", FlagValue::On),
    ("express-pay", "development", FlagValue::On),
    ("price-badges", "development", FlagValue::On),
    ("price-badges", "staging", FlagValue::On),
    ("card-retries", "production", FlagValue::On),
    ("typo-tolerance", "development", FlagValue::On),
];

/// The flags that were never set and are to be.
pub fn flags(flags: &[Flag]) -> Vec<Order> {
    let order = |(key, environment, value): &(&str, &str, FlagValue)| {
        let flag = flags.iter().find(|flag| flag.key.as_str() == *key)?;
        let state = flag.environments.iter().find(|state| state.name.as_str() == *environment)?;
        let deed = Deed::SetFlag(flag.key.clone(), EnvironmentName::new(environment), *value);
        state.changed_at.is_none().then(|| Order { by: Person::Owner, deed, seen: state.revision.clone() })
    };
    FLAGS.iter().filter_map(order).collect()
}

/// The service of a sample.
pub fn service<'a>(overview: &'a Overview, sample: &Sample) -> Option<&'a Service> {
    let name = ServiceName::new(sample.name);
    overview.services.iter().find(|service| service.name == name)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn environment(name: &str, more: Value) -> Value {
        let release = json!({ "version": "v1", "commit": "c" });
        let mut environment = json!({
            "name": name, "tier": name, "state": "live", "release": release, "kept": [], "held": false, "revision": "r",
        });
        if let (Some(environment), Value::Object(more)) = (environment.as_object_mut(), more) {
            environment.extend(more);
        }
        environment
    }

    fn shop(status: &str, production: Value) -> Service {
        let run = json!({
            "service": "shop", "id": "3", "number": 3, "status": status, "ref": "main", "commit": "c", "title": "t",
            "author": "a", "revision": "r", "stages": [],
        });
        let environments = [environment("development", json!({})), environment("production", production)];
        serde_json::from_value(json!({ "name": "shop", "latest_run": run, "environments": environments })).unwrap()
    }

    fn gate(decided_by: &[&str]) -> Value {
        let decision = |by: &&str| json!({ "by": by, "at": "2026-03-04T12:00:00Z", "verdict": "approve" });
        json!({
            "id": "gate-7", "service": "shop", "environment": "production", "run": "3", "state": "waiting",
            "approvals": { "have": decided_by.len(), "need": 2 }, "approvers": [], "guarded": true,
            "comment_required": false, "revision": "g",
            "decisions": decided_by.iter().map(decision).collect::<Vec<_>>(),
        })
    }

    fn canary(step: u32, weight: u8) -> Value {
        let rung = |weight: u8, manual: bool| json!({ "weight": weight, "manual": manual });
        json!({ "rollout": {
            "kind": "canary", "phase": "waiting", "set_weight": weight, "actual_weight": weight,
            "step": { "index": step, "count": 3 }, "steps": [rung(10, false), rung(25, true), rung(100, false)],
            "candidate": { "version": "v2", "replicas": 2, "healthy": 2 },
        }})
    }

    #[test]
    fn a_canary_is_walked_up_to_the_step_that_waits_for_a_person() {
        let low = shop("running", canary(1, 10));
        let place = Place::new("shop", "production");
        assert_eq!(order(Goal::Canary, &low).map(|order| order.deed), Some(Deed::GoToStep(place, 2)));
        assert!(!reached(Goal::Canary, &low));
        let there = shop("waiting", canary(2, 25));
        assert_eq!(order(Goal::Canary, &there), None);
        assert!(reached(Goal::Canary, &there) && !moves(&there) && is_busy(&there));
    }

    #[test]
    fn the_two_people_approve_one_after_the_other() {
        let by = |decided: &[&str]| {
            let service = shop("waiting", json!({ "gate": gate(decided) }));
            order(Goal::Gate, &service).map(|order| order.by)
        };
        assert_eq!(by(&[]), Some(Person::Owner));
        assert_eq!(by(&[OWNER]), Some(Person::Second));
        assert_eq!(by(&[OWNER, SECOND]), None);
    }

    #[test]
    fn what_waits_for_a_person_gets_no_commit() {
        assert!(is_busy(&shop("waiting", json!({ "gate": gate(&[]) }))));
        assert!(is_busy(&shop("running", json!({}))));
        assert!(!is_busy(&shop("failed", json!({}))));
        assert!(!is_busy(&shop("waiting", json!({ "queued": { "version": "v2", "waits": "a promote" } }))));
    }

    #[test]
    fn what_waits_for_a_promote_is_promoted_until_both_colours_are_well() {
        let waits = shop("waiting", json!({ "queued": { "version": "v2", "waits": "a promote" } }));
        let promoted = order(Goal::TwoColors, &waits).map(|order| order.deed);
        assert_eq!(promoted, Some(Deed::Promote(Place::new("shop", "production"), "v2".into())));
        let side = |color: &str| json!({ "color": color, "version": "v1", "replicas": 2, "healthy": 2 });
        let well = json!({ "rollout": {
            "kind": "blue_green", "phase": "complete", "steps": [], "active": side("blue"), "idle": side("green"),
        }});
        assert!(reached(Goal::TwoColors, &shop("succeeded", well)) && !reached(Goal::TwoColors, &waits));
    }
}
