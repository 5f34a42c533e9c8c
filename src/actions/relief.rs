//! Relief: every way to stop the pain of a service, the quickest first, with what each leaves as it is. Each is a plan
//! like any other; nothing here acts.

use std::time::Duration;

use super::flip::goes_back;
use super::request::FlagWish;
use super::taken_back::{self, Line};
use super::{CanaryMove, Plan, Request, Unavailable, World, plan};
use crate::domain::environment::Environment;
use crate::domain::flag::{Flag, FlagState, FlagValue};
use crate::domain::ids::{EnvironmentName, Place, ServiceName};
use crate::domain::rollout::{Phase, Rollout};
use crate::domain::service::Service;
use crate::domain::text::Text;

/// The most flags that are offered, those changed last.
const FLAGS: usize = 6;

/// One way.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// What is done, in a word or two: `abort canary`, `flag new-price off`.
    pub name: String,
    /// Where.
    pub place: Place,
    /// What it asks for.
    pub request: Request,
    /// Its plan, or why there is none.
    pub plan: Result<Plan, Unavailable>,
    /// How long it takes until it is felt.
    pub within: Within,
    /// Whether it stops the pain, and not only its growing.
    pub cures: bool,
    /// What it takes back, and what it leaves as it is.
    pub leaves: Vec<Line>,
}

/// How long a way takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// As long as it took here, in the middle, so many times.
    Measured(Duration, usize),
    /// As long as it took on other targets.
    Elsewhere(Duration, usize),
    /// It was never done from here; its end is waited for no longer than this.
    AtMost(Duration),
    /// There is no plan.
    Never,
}

impl Way {
    /// Whether its lever moves.
    pub fn moves(&self) -> bool {
        self.plan.as_ref().is_ok_and(|plan| plan.lock().is_none())
    }

    fn new(world: &World<'_>, (name, place): (String, &Place), request: Request, cures: bool) -> Self {
        let plan = plan(world, &request);
        let within = plan.as_ref().map_or(Within::Never, |plan| within(world, plan));
        Self { name, place: place.clone(), request, plan, within, cures, leaves: Vec::new() }
    }

    /// Those that move come first, then those that cure, then the quickest.
    fn rank(&self) -> (bool, bool, Duration) {
        let took = match self.within {
            Within::Measured(took, _) | Within::Elsewhere(took, _) | Within::AtMost(took) => took,
            Within::Never => Duration::MAX,
        };
        (!self.moves(), !self.cures, took)
    }
}

/// Every way for `service` in one environment; where none is named, in the last of those where it is felt most.
pub fn ways(world: &World<'_>, service: &ServiceName, environment: Option<&EnvironmentName>) -> Vec<Way> {
    let Some(seen) = world.store.service(service) else { return Vec::new() };
    let known = &seen.value.environments;
    let felt = || known.iter().max_by_key(|known| known.tier);
    let environment = environment.map_or_else(felt, |name| seen.value.environment(name));
    let mut ways: Vec<_> = environment.into_iter().flat_map(|known| at(world, &seen.value, known)).collect();
    ways.sort_by_key(Way::rank);
    ways
}

/// The ways in one environment. What makes no sense there is left out, but a rollback says why it is not to be had:
/// everybody looks for it.
fn at(world: &World<'_>, service: &Service, environment: &Environment) -> Vec<Way> {
    let place = Place { service: service.name.clone(), environment: environment.name.clone() };
    let way = |name: &str, request, cures| Way::new(world, (name.to_owned(), &place), request, cures);
    let canary = |to| Request::Canary { place: place.clone(), to };
    let back = Request::RollBack { place: place.clone(), to: None, from: None };
    let mut ways = vec![
        way("abort canary", canary(CanaryMove::Abort), true),
        way("flip back", Request::Flip { place: place.clone(), to: None }, true),
        way("pause canary", canary(CanaryMove::Pause), false),
        way("hold", Request::Hold { place: place.clone(), on: true }, false),
    ];
    ways.retain(|way| way.plan.is_ok() && fits(way, environment.rollout.as_ref()));
    let flags = flags(world, &place);
    ways.extend(flags.iter().map(|(flag, _)| {
        let wish = FlagWish {
            key: flag.key.clone(),
            environment: place.environment.clone(),
            value: FlagValue::Off,
            source: Some(flag.source.clone()),
            service: None,
        };
        let switch = if flag.kill_switch { "kill switch" } else { "flag" };
        way(&format!("{switch} {} off", flag.key), Request::SetFlag(wish), true)
    }));
    ways.push(way("roll back", back, true));
    for way in ways.iter_mut().filter(|way| way.cures) {
        way.leaves = leaves(world, way);
    }
    ways
}

/// A flip is a way back only while the colour that waits holds an earlier release than the one that hurts.
fn fits(way: &Way, rollout: Option<&Rollout>) -> bool {
    let Some(rollout) = rollout else { return !matches!(way.request, Request::Flip { .. } | Request::Canary { .. }) };
    match way.request {
        Request::Flip { .. } => {
            rollout.active.as_ref().zip(rollout.idle.as_ref()).is_some_and(|(a, b)| goes_back(a, b))
        }
        Request::Canary { to: CanaryMove::Pause, .. } => rollout.phase != Phase::Aborting,
        _ => true,
    }
}

/// The flags that the service reads and that are on there, kill switches first, then those changed last.
fn flags<'a>(world: &World<'a>, place: &Place) -> Vec<(&'a Flag, &'a FlagState)> {
    let read = world.store.flags().map(|seen| &seen.value).filter(|flag| flag.services.contains(&place.service));
    let states = read.flat_map(|flag| flag.environments.iter().map(move |state| (flag, state)));
    let mut on: Vec<_> = states.filter(|(_, state)| state.name == place.environment && state.enabled).collect();
    on.sort_by_key(|(flag, state)| (!flag.kill_switch, std::cmp::Reverse(state.changed_at)));
    on.truncate(FLAGS);
    on
}

fn leaves(world: &World<'_>, way: &Way) -> Vec<Line> {
    match (&way.request, &way.plan) {
        (Request::SetFlag(_), _) => {
            vec![Line { words: Text::new("the release stays, and whatever else is wrong with it"), heed: true }]
        }
        (_, Ok(plan)) => taken_back::lines(world, plan),
        (_, Err(_)) => Vec::new(),
    }
}

fn within(world: &World<'_>, plan: &Plan) -> Within {
    let past = world.store.past();
    let (action, target) = (plan.action.as_str(), plan.target.path.as_str());
    if let Some((took, times)) = past.took(action, Some(target)) {
        return Within::Measured(took, times);
    }
    past.took(action, None).map_or(Within::AtMost(plan.limit), |(took, times)| Within::Elsewhere(took, times))
}
