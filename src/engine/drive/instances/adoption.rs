//! What an earlier engine left: instances that are on record go on, everything else of it is ended.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;

use super::life::identity;
use super::{GRACE, Slot};
use crate::engine::core::Core;
use crate::engine::git::Caller;
use crate::engine::process::{self, Identity, Mark};

/// How long a call of git by an earlier engine is given to end in order.
const GIT_GRACE: Duration = Duration::from_secs(2);

/// Ends all processes of this engine that no record names: jobs of an earlier engine, its calls of git, instances whose
/// start was not recorded to its end, what any of them left behind.
pub async fn take_over(core: &Core) {
    let stays: HashSet<String> =
        recorded(core).into_iter().filter(|(_, process)| process.alive()).map(|(mark, _)| mark.name).collect();
    let grace = |name: &str| Caller::is_call(name).then_some(GIT_GRACE);
    let ended = process::end_left_over(&core.identity, |name| stays.contains(name), grace).await;
    if !(stays.is_empty() && ended.is_empty()) {
        tracing::info!(adopted = stays.len(), ?ended, "processes of an earlier engine");
    }
}

/// Ends all instances. They stay on record, and are started again with the engine.
pub async fn stop_all(core: &Core) {
    let recorded = recorded(core);
    join_all(recorded.iter().map(|(mark, process)| process::end(mark, Some(process), GRACE))).await;
}

fn recorded(core: &Core) -> Vec<(Mark, Identity)> {
    let state = core.ledger.state();
    let sets = state.places.values().flat_map(|standing| standing.sets.iter().map(|set| (&standing.place, set)));
    let instances = sets.flat_map(|(place, set)| {
        set.instances.iter().filter_map(|instance| {
            let slot = Slot { place: place.clone(), set: set.id, number: instance.slot };
            Some((slot.mark(&core.identity, instance.life), identity(instance)?))
        })
    });
    instances.collect()
}
