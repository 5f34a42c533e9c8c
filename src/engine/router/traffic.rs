//! The entrances of all places.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::entrance::Entrance;
use super::limits::Limits;
use crate::clock::Clock;
use crate::domain::ids::Place;

/// The entrances of all places.
pub struct Traffic {
    clock: Arc<dyn Clock>,
    places: RwLock<BTreeMap<Place, Arc<Entrance>>>,
}

impl Traffic {
    /// None yet.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, places: RwLock::default() }
    }

    /// The entrance of a place, if it has one.
    pub fn get(&self, place: &Place) -> Option<Arc<Entrance>> {
        self.places.read().unwrap_or_else(PoisonError::into_inner).get(place).cloned()
    }

    /// The entrance of a place; made if there is none.
    pub fn entrance(&self, place: &Place) -> Arc<Entrance> {
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Entrance::new(place.clone(), Arc::clone(&self.clock), Limits::default()));
        Arc::clone(places.entry(place.clone()).or_insert_with(new))
    }

    /// Waits until no request to a set is under way. It gets no new ones once it is out of the split.
    pub async fn drained(&self, place: &Place, set: u64) {
        if let Some(entrance) = self.get(place) {
            entrance.meter(set).rests().await;
        }
    }
}
