//! Attention: what needs somebody, in the order in which it does. Failed, waiting for me, moving, drifting, the rest.

use crate::domain::environment::{Environment, EnvironmentState};
use crate::domain::gate::GateState;
use crate::domain::run::Status;
use crate::domain::service::Service;

words! {
    /// Why a service stands where it stands on the board; the first is the most urgent.
    Attention {
        /// Something failed and serves users worse than it should, or a run failed.
        Failed = "failed",
        /// A gate waits for the one who looks.
        WaitsForMe = "waits_for_me",
        /// A gate or a rollout waits for somebody.
        Waits = "waits",
        /// Something moves.
        Moving = "moving",
        /// Production is behind.
        Drifting = "drifting",
    } else Calm = "calm"
}

/// What `service` needs.
pub fn of(service: &Service) -> Attention {
    let failed_run = service.latest_run.as_ref().is_some_and(|run| run.status == Status::Failed);
    if failed_run || service.problem.is_some() || service.environments.iter().any(failed) {
        return Attention::Failed;
    }
    let waiting = || service.environments.iter().flat_map(Environment::gates).filter(|gate| gate.open());
    if waiting().any(|gate| gate.may_approve == Some(true)) {
        return Attention::WaitsForMe;
    }
    if waiting().next().is_some() || service.environments.iter().any(stands) {
        return Attention::Waits;
    }
    if moving(service) {
        return Attention::Moving;
    }
    if service.environments.iter().any(|environment| environment.behind.is_some_and(|behind| behind.changes != Some(0)))
    {
        return Attention::Drifting;
    }
    Attention::Calm
}

/// Whether something of `service` moves by itself.
pub fn moving(service: &Service) -> bool {
    service.latest_run.as_ref().is_some_and(|run| run.status.moving()) || service.environments.iter().any(moves)
}

fn failed(environment: &Environment) -> bool {
    environment.state == EnvironmentState::Failed
        || environment.gate.as_ref().is_some_and(|gate| gate.state == GateState::Expired)
}

fn stands(environment: &Environment) -> bool {
    environment.state == EnvironmentState::Waiting
}

fn moves(environment: &Environment) -> bool {
    environment.state == EnvironmentState::Deploying
        || environment.rollout.as_ref().is_some_and(|rollout| rollout.phase.under_way())
}
