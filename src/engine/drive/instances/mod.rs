//! Instances: the processes of the releases that should run follow what is decided. Each has a keeper of its own; here is
//! who gets one, and who is let go once no traffic goes there any more.

mod adoption;
mod candidates;
mod check;
mod keeper;
mod life;
mod log;
mod seen;
#[cfg(test)]
mod tests;

pub use adoption::{stop_all, take_over};

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::domain::ids::Place;
use crate::engine::core::Core;
use crate::engine::observed::Observed;
use crate::engine::process::Mark;
use crate::engine::state::State;
use crate::engine::state::place::{Set, Standing};
use crate::engine::store::Draft;
use crate::protocol::paths::encode;
use seen::Seen;

/// How long an instance may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(10);

/// Which instance: its place in a set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Slot {
    place: Place,
    set: u64,
    number: u32,
}

impl Slot {
    /// The mark of its process in a life.
    fn mark(&self, engine: &str, life: u64) -> Mark {
        let (service, environment) = (encode(self.place.service.as_str()), encode(self.place.environment.as_str()));
        Mark::new(engine, format!("instance/{service}/{environment}/{}/{}/{life}", self.set, self.number))
    }

    /// What it writes.
    fn log(&self, core: &Core) -> PathBuf {
        core.folder.instance_log(&self.place.service, self.place.environment.as_str(), self.set, self.number)
    }
}

/// What all keepers share.
struct Ground {
    core: Arc<Core>,
    seen: Seen,
    stop: CancellationToken,
}

impl Ground {
    /// Writes what was seen; `None` only when the engine ends.
    async fn report<T: Send + 'static>(&self, seen: impl Fn(&mut Draft) -> T + Clone + Send + 'static) -> Option<T> {
        tokio::select! {
            written = super::report(&self.core, seen) => written,
            () = self.stop.cancelled() => None,
        }
    }
}

/// Keeps running what should run, until `stop`; the instances run on after that.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut state = core.ledger.watch();
    let mut observed = core.board.watch();
    let seen = Seen::new(core.board.clone());
    let mut crew = Crew::new(Arc::new(Ground { core, seen, stop: stop.clone() }));
    loop {
        let (decided, known) = (state.borrow_and_update().clone(), observed.borrow_and_update().clone());
        crew.turn(&decided, &known);
        let late = candidates::judge(&crew.ground, &decided, &known).await;
        tokio::select! {
            () = stop.cancelled() => break,
            changed = state.changed() => if changed.is_err() { break },
            _ = observed.changed() => {}
            () = tokio::time::sleep(late.unwrap_or(Duration::MAX)) => {}
        }
    }
    crew.end().await;
}

/// The keepers.
struct Crew {
    ground: Arc<Ground>,
    keepers: HashMap<Slot, Kept>,
}

struct Kept {
    down: CancellationToken,
    task: JoinHandle<()>,
}

impl Crew {
    fn new(ground: Arc<Ground>) -> Self {
        Self { ground, keepers: HashMap::new() }
    }

    /// Gives every instance that should be there a keeper, and lets those go that should not.
    fn turn(&mut self, state: &State, observed: &Observed) {
        self.keepers.retain(|_, kept| !kept.task.is_finished());
        for standing in state.places.values() {
            for set in &standing.sets {
                for slot in slots(standing, set) {
                    self.keep(slot);
                }
                if !set.up {
                    self.let_go(standing, set, observed);
                }
            }
        }
    }

    fn keep(&mut self, slot: Slot) {
        if self.keepers.contains_key(&slot) {
            return;
        }
        let down = CancellationToken::new();
        let task = tokio::spawn(keeper::keep(Arc::clone(&self.ground), slot.clone(), down.clone()));
        self.keepers.insert(slot, Kept { down, task });
    }

    /// Ends a set that should no longer run, once the router sends it nothing any more.
    fn let_go(&self, standing: &Standing, set: &Set, observed: &Observed) {
        let place = &standing.place;
        let routed = observed.splits.get(place).is_some_and(|split| split.iter().any(|share| share.set == set.id));
        if routed || standing.split().iter().any(|share| share.set == set.id) {
            return;
        }
        for (_, kept) in self.keepers.iter().filter(|(slot, _)| slot.place == *place && slot.set == set.id) {
            kept.down.cancel();
        }
    }

    async fn end(self) {
        for kept in self.keepers.into_values() {
            // A keeper that failed has nothing left to wait for.
            let _ = kept.task.await;
        }
    }
}

/// The instances that a set should have, and those that it still has.
fn slots(standing: &Standing, set: &Set) -> impl Iterator<Item = Slot> {
    let wanted = 1..=if set.up { set.replicas } else { 0 };
    let numbers: BTreeSet<u32> = wanted.chain(set.instances.iter().map(|instance| instance.slot)).collect();
    let (place, set) = (standing.place.clone(), set.id);
    numbers.into_iter().map(move |number| Slot { place: place.clone(), set, number })
}
