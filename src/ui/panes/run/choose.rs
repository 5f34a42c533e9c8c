//! Which run is shown: the one that was asked for, the one that waits at a place, the newest of a service, and those
//! beside it.

use super::Runs;
use crate::domain::environment::Environment;
use crate::domain::ids::{Place, RunKey, ServiceName};
use crate::domain::run::Run;
use crate::store::Store;
use crate::ui::command::Direction;
use crate::ui::reaction::Reaction;

/// The newest run of the service that needs somebody most.
pub fn first(store: &Store) -> Option<RunKey> {
    store.by_attention().iter().find_map(|service| newest(store, service))
}

/// The newest run of a service.
pub fn newest(store: &Store, service: &ServiceName) -> Option<RunKey> {
    store.service(service)?.value.latest_run.as_ref().map(Run::key)
}

/// The run that waits at a place, else the newest of its service.
pub fn at(store: &Store, place: &Place) -> Option<RunKey> {
    let environment = store.service(&place.service)?.value.environment(&place.environment)?;
    let waiting = Environment::gates(environment).find(|gate| gate.open()).map(crate::domain::gate::Gate::run_key);
    waiting.or_else(|| newest(store, &place.service))
}

/// The runs of a service that are known, newest first.
pub fn known(store: &Store, service: &ServiceName) -> Vec<RunKey> {
    let mut runs: Vec<RunKey> =
        store.runs(service).map(|seen| seen.value.iter().map(Run::key).collect()).unwrap_or_default();
    if let Some(newest) = newest(store, service).filter(|newest| !runs.contains(newest)) {
        runs.insert(0, newest);
    }
    runs
}

impl Runs {
    /// Where the shown run stands among those that are known, and how many they are.
    pub(super) fn place(&self, store: &Store) -> Option<(usize, usize)> {
        let run = self.run.as_ref()?;
        let runs = known(store, &run.service);
        Some((runs.iter().position(|known| known == run)?, runs.len()))
    }

    /// Goes to the run before or after the shown one.
    pub(super) fn beside(&mut self, direction: Direction, store: &Store) -> Vec<Reaction> {
        let Some(run) = &self.run else { return Vec::new() };
        let runs = known(store, &run.service);
        let at = runs.iter().position(|known| known == run);
        let to = match direction {
            Direction::Previous => at.map_or(Some(0), |at| at.checked_add(1)),
            Direction::Next => at.and_then(|at| at.checked_sub(1)),
        };
        match to.and_then(|to| runs.get(to)).cloned() {
            Some(run) => {
                self.open(run);
                Vec::new()
            }
            None if direction == Direction::Next => vec![Reaction::Say("this is the newest run".into())],
            None => vec![Reaction::Say("no older run is known".into())],
        }
    }
}
