//! Which levers a service has, and which environment each is meant for.

use crate::actions::{CanaryMove, Request, Unavailable};
use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::gate::Verdict;
use crate::domain::ids::{EnvironmentName, Place};
use crate::domain::order::Retry;
use crate::domain::rollout::{Phase, RolloutKind};
use crate::domain::run::Status;
use crate::domain::service::Service;
use crate::ui::command::{Direction, Lever, RunLever};
use crate::ui::layers::entry::{Entry, Percentage};
use crate::ui::panes::Asked;

/// What `lever` asks for on `service`, in `column` if one was chosen.
pub fn ask(service: &Service, column: Option<&EnvironmentName>, lever: Lever) -> Result<Asked, Unavailable> {
    if let Lever::Run(lever) = lever {
        return run(service, lever);
    }
    let environment = match column {
        Some(name) => service.environment(name).ok_or_else(|| none(service, name))?,
        None => meant(service, lever)?,
    };
    let place = Place { service: service.name.clone(), environment: environment.name.clone() };
    let request = match lever {
        Lever::Approve => decide(place, Verdict::Approve),
        Lever::Reject => decide(place, Verdict::Reject),
        Lever::Promote => Request::Promote { place, version: None },
        Lever::RollBack => Request::RollBack { place, to: None, from: None },
        Lever::Flip => Request::Flip { place, to: None },
        Lever::Hold => Request::Hold { place, on: !environment.held },
        Lever::Weight => {
            let now = environment.rollout.as_ref().and_then(|rollout| rollout.set_weight).unwrap_or_default();
            return Ok(Asked::Number(Entry { of: Percentage::Canary(place), now }));
        }
        Lever::Step(Direction::Next) => Request::Canary { place, to: CanaryMove::Next },
        Lever::Step(Direction::Previous) => Request::Canary { place, to: CanaryMove::Previous },
        Lever::Pause if paused(environment) => Request::Canary { place, to: CanaryMove::Resume },
        Lever::Pause => Request::Canary { place, to: CanaryMove::Pause },
        Lever::Full => Request::Canary { place, to: CanaryMove::Full },
        Lever::Abort => Request::Canary { place, to: CanaryMove::Abort },
        Lever::Toggle | Lever::Run(_) => {
            return Err(Unavailable::state("selection", "flags are switched in their pane"));
        }
    };
    Ok(Asked::Plan(request))
}

fn decide(place: Place, verdict: Verdict) -> Request {
    Request::Decide { place, run: None, verdict, comment: None }
}

fn none(service: &Service, name: &EnvironmentName) -> Unavailable {
    Unavailable::not_found(format!("{} has no environment {name}", service.name))
}

fn run(service: &Service, lever: RunLever) -> Result<Asked, Unavailable> {
    if lever == RunLever::Start {
        return Ok(Asked::Plan(Request::Start { service: service.name.clone(), branch: None }));
    }
    let none = || Unavailable::state("run", format!("{} has no run yet", service.name));
    let run = service.latest_run.as_ref().ok_or_else(none)?;
    let whole = matches!(run.status, Status::Succeeded | Status::Unstable | Status::Skipped);
    Ok(Asked::Plan(match lever {
        RunLever::Cancel => Request::Cancel { run: run.key(), force: false },
        _ => Request::Retry { run: run.key(), what: if whole { Retry::All } else { Retry::Failed } },
    }))
}

/// The environment that a lever is most likely meant for. The dialog says it before anything is done.
fn meant(service: &Service, lever: Lever) -> Result<&Environment, Unavailable> {
    let all = &service.environments;
    let last = all.last().ok_or_else(|| Unavailable::not_found(format!("{} has no environment", service.name)))?;
    let found = match lever {
        Lever::Approve | Lever::Reject => gate(service),
        Lever::Promote => all.iter().rev().find(|environment| promotable(service, environment)),
        Lever::Flip => all.iter().rev().find(|environment| is(environment, RolloutKind::BlueGreen)),
        Lever::RollBack => all.iter().rev().find(|environment| environment.state == EnvironmentState::Failed),
        Lever::Hold => None,
        _ => canary(service),
    };
    let with_release = || all.iter().rev().find(|environment| environment.release.is_some());
    Ok(found
        .or_else(|| if lever == Lever::RollBack { canary(service).or_else(with_release) } else { None })
        .unwrap_or(last))
}

/// The environment with the gate that matters most: one that may be decided, then any that waits.
fn gate(service: &Service) -> Option<&Environment> {
    let open = |environment: &&Environment| environment.gate.as_ref().is_some_and(crate::domain::gate::Gate::open);
    let mine =
        |environment: &&Environment| environment.gate.as_ref().is_some_and(|gate| gate.may_approve == Some(true));
    let all = || service.environments.iter();
    all().filter(open).find(mine).or_else(|| all().find(open)).or_else(|| all().find(|known| known.gate.is_some()))
}

/// The environment with a canary under way, else the last that has canaries.
fn canary(service: &Service) -> Option<&Environment> {
    let all = || service.environments.iter().rev().filter(|environment| is(environment, RolloutKind::Canary));
    all().find(|environment| under_way(environment)).or_else(|| all().next())
}

fn is(environment: &Environment, kind: RolloutKind) -> bool {
    environment.rollout.as_ref().is_some_and(|rollout| rollout.kind == kind)
}

fn under_way(environment: &Environment) -> bool {
    environment.rollout.as_ref().is_some_and(|rollout| rollout.phase.under_way())
}

fn paused(environment: &Environment) -> bool {
    environment.rollout.as_ref().is_some_and(|rollout| rollout.phase == Phase::Paused)
}

fn promotable(service: &Service, environment: &Environment) -> bool {
    let below = service.below(&environment.name).and_then(|below| below.release.as_ref());
    let here = environment.release.as_ref().map(|release| &release.version);
    below.is_some_and(|below| Some(&below.version) != here) && !under_way(environment)
}

/// The levers that mean something for `service` as it stands, the most useful first.
pub fn levers(service: &Service, column: Option<&EnvironmentName>) -> Vec<Lever> {
    let chosen = |environment: &&Environment| column.is_none_or(|name| environment.name == *name);
    let here = || service.environments.iter().filter(chosen);
    let mut levers = Vec::new();
    if here().any(|environment| environment.gate.is_some()) {
        levers.extend([Lever::Approve, Lever::Reject]);
    }
    let moving = here().any(|environment| is(environment, RolloutKind::Canary) && under_way(environment));
    if moving {
        levers.extend([Lever::Weight, Lever::Step(Direction::Next), Lever::Step(Direction::Previous)]);
        levers.extend([Lever::Full, Lever::Abort]);
    }
    if here().any(|environment| is(environment, RolloutKind::BlueGreen)) {
        levers.push(Lever::Flip);
    }
    levers.push(Lever::RollBack);
    if moving {
        levers.push(Lever::Pause);
    }
    levers.push(Lever::Promote);
    match service.latest_run.as_ref().map(|run| run.status) {
        Some(Status::Failed | Status::Cancelled) => levers.push(Lever::Run(RunLever::Retry)),
        Some(status) if status.moving() => levers.push(Lever::Run(RunLever::Cancel)),
        _ => {}
    }
    levers
}
