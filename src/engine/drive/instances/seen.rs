//! How the instances stand, put together for each set and published.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use super::Slot;
use crate::domain::ids::Place;
use crate::domain::text::Text;
use crate::engine::observed::{Board, Health};

/// How one instance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sight {
    /// It is well, on this port.
    Ready(u16),
    /// It is about to start, or has not answered yet.
    Starting,
    /// It is not well.
    Ill(Text),
}

/// How all of them stand.
pub(super) struct Seen {
    board: Board,
    sets: Mutex<HashMap<(Place, u64), BTreeMap<u32, Sight>>>,
}

impl Seen {
    pub(super) fn new(board: Board) -> Self {
        Self { board, sets: Mutex::default() }
    }

    /// Publishes how an instance stands. What one that is ill said stays until it is well again.
    pub(super) fn put(&self, slot: &Slot, sight: Sight) {
        self.change(slot, |slots| {
            let said = matches!((&sight, slots.get(&slot.number)), (Sight::Starting, Some(Sight::Ill(_))));
            if !said {
                slots.insert(slot.number, sight);
            }
        });
    }

    /// Forgets an instance that is gone.
    pub(super) fn forget(&self, slot: &Slot) {
        self.change(slot, |slots| {
            slots.remove(&slot.number);
        });
    }

    fn change(&self, slot: &Slot, change: impl FnOnce(&mut BTreeMap<u32, Sight>)) {
        let at = (slot.place.clone(), slot.set);
        // Held until it is published, so that the newest is what is published last.
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        let slots = sets.entry(at.clone()).or_default();
        change(slots);
        let health = (!slots.is_empty()).then(|| health(slots));
        if health.is_none() {
            sets.remove(&at);
        }
        if self.board.read().sets.get(&at) == health.as_ref() {
            return;
        }
        self.board.update(|observed| {
            match health {
                Some(health) => observed.sets.insert(at, health),
                None => observed.sets.remove(&at),
            };
        });
    }
}

fn health(slots: &BTreeMap<u32, Sight>) -> Health {
    let ready: Vec<u16> = slots
        .values()
        .filter_map(|sight| match sight {
            Sight::Ready(port) => Some(*port),
            _ => None,
        })
        .collect();
    let trouble = slots.values().rev().find_map(|sight| match sight {
        Sight::Ill(says) => Some(says.clone()),
        _ => None,
    });
    Health { healthy: u32::try_from(ready.len()).unwrap_or(u32::MAX), ready, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_as_its_instances_are() {
        let board = Board::default();
        let seen = Seen::new(board.clone());
        let slot = |number| Slot { place: Place::new("shop", "prod"), set: 3, number };
        let health = || board.read().sets.get(&(Place::new("shop", "prod"), 3)).cloned();
        seen.put(&slot(1), Sight::Ready(4001));
        seen.put(&slot(2), Sight::Ill("exit code 3".into()));
        seen.put(&slot(2), Sight::Starting);
        let expected = Health { healthy: 1, ready: vec![4001], trouble: Some("exit code 3".into()) };
        assert_eq!(health(), Some(expected));
        let generation = board.read().generation;
        seen.put(&slot(1), Sight::Ready(4001));
        assert_eq!(board.read().generation, generation, "nothing new is no news");
        seen.put(&slot(2), Sight::Ready(4002));
        assert_eq!(health(), Some(Health { healthy: 2, ready: vec![4001, 4002], trouble: None }));
        seen.forget(&slot(1));
        seen.forget(&slot(2));
        assert_eq!(health(), None);
    }
}
