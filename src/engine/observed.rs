//! What is seen of the running system and never decided: health, the router's real table, verdicts, the lines of jobs,
//! distances between commits. Kept in memory only; a restart sees it anew.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::ids::{JobName, Place, ServiceName};
use crate::domain::rollout::Verdict;
use crate::domain::text::Text;
use crate::engine::git::Distance;
use crate::engine::state::place::Share;
use crate::engine::state::run::Step;

/// A snapshot of what is seen.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    /// Grows whenever something here changes that is a fact and no metric.
    pub generation: u64,
    /// How the sets of a place stand.
    pub sets: HashMap<(Place, u64), Health>,
    /// The split that the router of a place holds.
    pub splits: HashMap<Place, Vec<Share>>,
    /// The newest verdict over the candidate of a place.
    pub verdicts: HashMap<Place, Verdict>,
    /// How many commits the third has that the second has not.
    pub distances: HashMap<(ServiceName, String, String), Distance>,
    /// The steps that have begun of the jobs that run: service, number of the run, job.
    pub steps: HashMap<(ServiceName, u64, JobName), Vec<Step>>,
    /// What is wrong at a place that no record tells: a port that is taken.
    pub problems: HashMap<Place, Text>,
}

/// How a set of instances stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// How many instances are healthy.
    pub healthy: u32,
    /// Their ports on the loopback: where traffic may go.
    pub ready: Vec<u16>,
    /// What the last one that is not said: its exit code, its failed check.
    pub trouble: Option<Text>,
}

impl Observed {
    /// How many instances of a set are healthy.
    pub fn healthy(&self, place: &Place, set: u64) -> u32 {
        self.sets.get(&(place.clone(), set)).map_or(0, |health| health.healthy)
    }
}

/// Where snapshots are published. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Board(watch::Sender<Arc<Observed>>);

impl Board {
    /// The newest snapshot.
    pub fn read(&self) -> Arc<Observed> {
        self.0.borrow().clone()
    }

    /// The newest snapshot, and word of every change of facts.
    pub fn watch(&self) -> watch::Receiver<Arc<Observed>> {
        self.0.subscribe()
    }

    /// Changes facts; the generation grows.
    pub fn update(&self, change: impl FnOnce(&mut Observed)) {
        self.0.send_modify(|slot| {
            let observed = Arc::make_mut(slot);
            observed.generation += 1;
            change(observed);
        });
    }

    /// Changes metrics, which nobody is told of.
    pub fn measure(&self, change: impl FnOnce(&mut Observed)) {
        self.0.send_if_modified(|slot| {
            change(Arc::make_mut(slot));
            false
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_told_and_metrics_are_not() {
        let board = Board::default();
        let mut told = board.watch();
        board.measure(|observed| observed.verdicts.clear());
        assert!(!told.has_changed().unwrap());
        board.update(|observed| observed.problems.clear());
        assert!(told.has_changed().unwrap());
        assert_eq!(told.borrow_and_update().generation, 1);
    }
}
