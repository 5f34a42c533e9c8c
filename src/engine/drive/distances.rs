//! How far what is live in one environment is behind the environment below: counted in the repository whenever one of
//! the two moves.

use std::collections::HashSet;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::domain::ids::ServiceName;
use crate::engine::core::Core;
use crate::engine::git::{Distance, Sha};
use crate::engine::state::State;

/// A service, the commit that is behind, and the commit it is behind of.
type Between = (ServiceName, String, String);

/// Counts whatever is to be shown and is not counted yet, until `stop`.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut state = core.ledger.watch();
    // What cannot be counted (the commit is gone from the repository) is not asked for again and again.
    let mut tried: HashSet<Between> = HashSet::new();
    loop {
        let wanted = wanted(&state.borrow_and_update());
        tried.retain(|between| wanted.contains(between));
        forget_all_but(&core, &wanted);
        for between in wanted {
            if tried.contains(&between) {
                continue;
            }
            if let Some(distance) = count(&core, &between).await {
                core.board.update(|observed| {
                    observed.distances.insert(between.clone(), distance);
                });
            }
            tried.insert(between);
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = state.changed() => if changed.is_err() { return },
        }
    }
}

/// Each environment against the one below, where the two hold different commits.
fn wanted(state: &State) -> HashSet<Between> {
    let mut wanted = HashSet::new();
    for service in state.services.keys() {
        let places = state.places_of(service);
        let live = |place| state.places.get(place).and_then(|standing| standing.live.as_ref());
        for pair in places.windows(2) {
            let [below, here] = pair else { continue };
            let (Some(below), Some(here)) = (live(below), live(here)) else { continue };
            if below.commit != here.commit {
                wanted.insert((service.clone(), here.commit.clone(), below.commit.clone()));
            }
        }
    }
    wanted
}

fn forget_all_but(core: &Core, wanted: &HashSet<Between>) {
    if core.board.read().distances.keys().any(|between| !wanted.contains(between)) {
        core.board.update(|observed| observed.distances.retain(|between, _| wanted.contains(between)));
    }
}

async fn count(core: &Core, between: &Between) -> Option<Distance> {
    let (service, from, to) = between;
    let repository = core.ledger.state().services.get(service)?.repository.clone();
    let repository = core.repository(&repository).await.ok()?;
    match repository.distance(&Sha::new(from)?, &Sha::new(to)?).await {
        Ok(distance) => Some(distance),
        Err(fault) => {
            tracing::debug!(%fault, %service, "a distance is not known");
            None
        }
    }
}
