//! From nothing to "ready": what is missing at a service, and the next thing that a person would do about it. Pure.

use super::api::Deed;
use super::shop::{Goal, SAMPLES, Sample};
use crate::domain::environment::Environment;
use crate::domain::flag::{Flag, FlagValue};
use crate::domain::gate::{Gate, GateState};
use crate::domain::ids::{EnvironmentName, Place, Revision, ServiceName};
use crate::domain::observation::Overview;
use crate::domain::rollout::{ColorSide, Phase, Rollout, RolloutKind, Side, Weight};
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

/// How flags are set at first.
const FLAGS: [(&str, &str, FlagValue); 8] = [
    ("new-basket", "development", FlagValue::On),
    ("new-basket", "staging", FlagValue::Percent(weight(50))),
    ("new-basket", "production", FlagValue::Percent(weight(10))),
    ("price-badges", "development", FlagValue::On),
    ("price-badges", "staging", FlagValue::On),
    ("card-retries", "staging", FlagValue::On),
    ("card-retries", "production", FlagValue::On),
    ("typo-tolerance", "development", FlagValue::On),
];

const fn weight(percent: u8) -> Weight {
    match Weight::new(percent) {
        Some(weight) => weight,
        None => Weight::ALL,
    }
}

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
