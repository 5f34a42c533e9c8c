//! What is seen of the running system and never decided: health, the router's real table, verdicts, distances between
//! commits. Kept in memory only; a restart sees it anew.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::domain::ids::{Place, ServiceName};
use crate::domain::rollout::Verdict;
use crate::domain::text::Text;
use crate::engine::git::Distance;
use crate::engine::state::place::Share;

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
    /// What is wrong at a place that no record tells: a port that is taken.
    pub problems: HashMap<Place, Text>,
}

/// How a set of instances stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// How many instances are healthy.
    pub healthy: u32,
    /// What the last one that is not said: its exit code, its failed check.
    pub trouble: Option<Text>,
}

impl Observed {
    /// How many instances of a set are healthy.
    pub fn healthy(&self, place: &Place, set: u64) -> u32 {
        self.sets.get(&(place.clone(), set)).map_or(0, |health| health.healthy)
    }
}

/// Where snapshots are published.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<RwLock<Arc<Observed>>>);

impl Board {
    /// The newest snapshot.
    pub fn read(&self) -> Arc<Observed> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes facts; the generation grows.
    pub fn update(&self, change: impl FnOnce(&mut Observed)) {
        self.write(|observed| {
            observed.generation += 1;
            change(observed);
        });
    }

    /// Changes metrics, which nobody is told of.
    pub fn measure(&self, change: impl FnOnce(&mut Observed)) {
        self.write(change);
    }

    fn write(&self, change: impl FnOnce(&mut Observed)) {
        let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
        change(Arc::make_mut(&mut slot));
    }
}
