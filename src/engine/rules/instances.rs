//! What is recorded of instances: the intent to start one before it is started, its process after that, its end.

use crate::domain::ids::Place;
use crate::engine::state::State;
use crate::engine::state::place::{Instance, Set};
use crate::engine::store::Draft;

/// What became of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// It is recorded; the number of the life that begins.
    Life(u64),
    /// The port is another instance's, or a place's own.
    PortTaken,
    /// The set should not run any more.
    NotWanted,
}

/// Records that an instance is about to be started on `port`. What was recorded of its slot before is no more.
pub fn intend(draft: &mut Draft, place: &Place, set: u64, slot: u32, port: u16) -> Intent {
    let wanted = of(draft.state(), place, set).filter(|set| set.up);
    let Some(last) = wanted.map(|set| set.instances.iter().find(|one| one.slot == slot).map_or(0, |one| one.life))
    else {
        return Intent::NotWanted;
    };
    if taken(draft.state(), port, |other, id, number| other == place && id == set && number == slot) {
        return Intent::PortTaken;
    }
    let life = last + 1;
    if let Some(set) = draft.place_mut(place).set_mut(set) {
        set.instances.retain(|instance| instance.slot != slot);
        set.instances.push(Instance { slot, life, port, process: None });
        set.instances.sort_by_key(|instance| instance.slot);
    }
    Intent::Life(life)
}

/// Whether a port is spoken for by others.
fn taken(state: &State, port: u16, own: impl Fn(&Place, u64, u32) -> bool) -> bool {
    state.places.values().any(|standing| {
        let instances = standing.sets.iter().flat_map(|set| set.instances.iter().map(|instance| (set.id, instance)));
        let mut others = instances.filter(|(set, instance)| !own(&standing.place, *set, instance.slot));
        standing.port == Some(port) || others.any(|(_, instance)| instance.port == port)
    })
}

/// Records the process of a life that has begun.
pub fn started(draft: &mut Draft, place: &Place, set: u64, slot: u32, life: u64, process: Option<serde_json::Value>) {
    let is = |instance: &Instance| instance.slot == slot && instance.life == life;
    if !of(draft.state(), place, set).is_some_and(|set| set.instances.iter().any(is)) {
        return;
    }
    let Some(set) = draft.place_mut(place).set_mut(set) else { return };
    if let Some(instance) = set.instances.iter_mut().find(|instance| is(instance)) {
        instance.process = process;
    }
}

/// Records that an instance is gone for good.
pub fn stopped(draft: &mut Draft, place: &Place, set: u64, slot: u32) {
    if !of(draft.state(), place, set).is_some_and(|set| set.instances.iter().any(|instance| instance.slot == slot)) {
        return;
    }
    if let Some(set) = draft.place_mut(place).set_mut(set) {
        set.instances.retain(|instance| instance.slot != slot);
    }
}

fn of<'a>(state: &'a State, place: &Place, set: u64) -> Option<&'a Set> {
    state.places.get(place)?.set(set)
}
