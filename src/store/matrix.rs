//! The matrix: what waits and what moves over all services, for the header, the queue of gates and the traffic list.

use serde::{Deserialize, Serialize};

use super::{Seen, Store, attention};
use crate::domain::environment::Environment;
use crate::domain::gate::{Gate, GateState};
use crate::domain::ids::{GateId, Place};
use crate::domain::rollout::{Rollout, RolloutKind};
use crate::domain::run::Status;
use crate::domain::service::Service;

/// How much needs attention, for the header and the tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Gates that wait.
    pub gates: usize,
    /// Gates that the one who looks may decide.
    pub my_gates: usize,
    /// Canaries and other rollouts under way.
    pub rollouts: usize,
    /// Services whose newest run or some environment failed.
    pub failed: usize,
    /// Services in which something moves by itself.
    pub moving: usize,
}

impl Store {
    /// One environment of one service.
    pub fn place(&self, place: &Place) -> Option<Seen<(&Service, &Environment)>> {
        let seen = self.service(&place.service)?;
        let environment = seen.value.environment(&place.environment)?;
        Some(Seen { value: (&seen.value, environment), source: seen.source.clone(), at: seen.at })
    }

    /// One gate that still stands.
    pub fn gate(&self, place: &Place, id: &GateId) -> Option<Seen<&Gate>> {
        let seen = self.service(&place.service)?;
        let mut gates = seen.value.environment(&place.environment)?.gates();
        let gate = gates.find(|gate| gate.id == *id && standing(gate))?;
        Some(Seen { value: gate, source: seen.source.clone(), at: seen.at })
    }

    /// One place whose traffic can be moved.
    pub fn rollout(&self, place: &Place) -> Option<Seen<(Place, &Environment, &Rollout)>> {
        let seen = self.service(&place.service)?;
        let environment = seen.value.environment(&place.environment)?;
        Some(Seen {
            value: (place.clone(), environment, movable(environment)?),
            source: seen.source.clone(),
            at: seen.at,
        })
    }

    /// Every gate that still stands: those the one who looks may decide first, then the oldest.
    pub fn gates(&self) -> Vec<Seen<&Gate>> {
        let mut gates: Vec<_> = self
            .services()
            .flat_map(|seen| seen.value.environments.iter().flat_map(Environment::gates).map(move |gate| (seen, gate)))
            .filter(|(_, gate)| standing(gate))
            .map(|(seen, gate)| Seen { value: gate, source: seen.source.clone(), at: seen.at })
            .collect();
        gates.sort_by_key(|seen| (!seen.value.open(), seen.value.may_approve != Some(true), seen.value.since));
        gates
    }

    /// Every place whose traffic can be moved: under way first, then by name.
    pub fn rollouts(&self) -> Vec<Seen<(Place, &Environment, &Rollout)>> {
        let mut rollouts: Vec<_> = self
            .services()
            .flat_map(|seen| seen.value.environments.iter().map(move |environment| (seen, environment)))
            .filter_map(|(seen, environment)| {
                let rollout = movable(environment)?;
                let place = Place { service: seen.value.name.clone(), environment: environment.name.clone() };
                Some(Seen { value: (place, environment, rollout), source: seen.source.clone(), at: seen.at })
            })
            .collect();
        rollouts.sort_by_key(|seen| !seen.value.2.phase.under_way());
        rollouts
    }

    /// What the header counts.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Counts over all services; asked when they have changed, so that drawing need not look at each.
    pub(super) fn count_all(&self) -> Counts {
        let mut counts = Counts::default();
        for seen in self.services() {
            let environments = &seen.value.environments;
            let open = || environments.iter().flat_map(Environment::gates).filter(|gate| gate.open());
            counts.gates += open().count();
            counts.my_gates += open().filter(|gate| gate.may_approve == Some(true)).count();
            counts.rollouts += environments.iter().filter(|environment| under_way(environment)).count();
            let run_failed = seen.value.latest_run.as_ref().is_some_and(|run| run.status == Status::Failed);
            let failed = run_failed
                || seen.value.problem.is_some()
                || environments.iter().any(|e| e.state == crate::domain::environment::EnvironmentState::Failed);
            counts.failed += usize::from(failed);
            counts.moving += usize::from(attention::moving(&seen.value));
        }
        counts
    }
}

fn standing(gate: &Gate) -> bool {
    matches!(gate.state, GateState::Waiting | GateState::ApprovedNotStarted | GateState::Expired | GateState::Unknown)
}

fn movable(environment: &Environment) -> Option<&Rollout> {
    environment.rollout.as_ref().filter(|rollout| rollout.kind != RolloutKind::Replace)
}

fn under_way(environment: &Environment) -> bool {
    movable(environment).is_some_and(|rollout| rollout.phase.under_way())
}
