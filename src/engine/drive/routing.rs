//! Traffic: every place that has had a release listens on its port, holds the split that is decided over the instances
//! that are seen to be ready, and says so; what waited for a split goes on when it is held.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::report;
use crate::domain::ids::Place;
use crate::domain::text::Text;
use crate::engine::core::Core;
use crate::engine::observed::Observed;
use crate::engine::router::{self, Entrance};
use crate::engine::rules::rollouts;
use crate::engine::state::State;
use crate::engine::state::place::{Goal, Rollout, Share, Standing};

/// How long to wait before a port that is taken is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Follows what is decided and what is seen, until `stop`.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let (mut state, mut board) = (core.ledger.watch(), core.board.watch());
    let mut routing = Routing { core, stop, open: HashMap::new(), tasks: JoinSet::new() };
    loop {
        let (decided, seen) = (state.borrow_and_update().clone(), board.borrow_and_update().clone());
        let mut wanting = false;
        for standing in decided.places.values() {
            wanting |= !routing.follow(&decided, &seen, standing).await;
        }
        tokio::select! {
            () = routing.stop.cancelled() => break,
            changed = state.changed() => if changed.is_err() { break },
            changed = board.changed() => if changed.is_err() { break },
            Some(_) = routing.tasks.join_next() => {}
            () = tokio::time::sleep(AGAIN), if wanting => {}
        }
    }
    routing.end().await;
}

struct Routing {
    core: Arc<Core>,
    stop: CancellationToken,
    open: HashMap<Place, Open>,
    /// Transitions that are being written, and listeners.
    tasks: JoinSet<()>,
}

/// A place that listens.
struct Open {
    entrance: Arc<Entrance>,
    port: u16,
    /// The rollout that was last told that its split is held.
    told: Option<Rollout>,
}

impl Routing {
    /// Does what is decided for a place; `false` if its port is taken.
    async fn follow(&mut self, state: &State, seen: &Observed, standing: &Arc<Standing>) -> bool {
        let (place, split) = (&standing.place, standing.split());
        // A first release that was given up waits for word that it gets nothing, too.
        let waits = standing.under_way().filter(|rollout| rollout.goal != Goal::Healthy);
        if standing.port.is_none() && split.is_empty() && waits.is_none() {
            return true;
        }
        if !self.open.contains_key(place) && !self.listen(state, seen, standing).await {
            return false;
        }
        let Some(open) = self.open.get_mut(place) else { return false };
        let ready = |share: &Share| {
            let health = seen.sets.get(&(place.clone(), share.set));
            (*share, health.map(|health| health.ready.clone()).unwrap_or_default())
        };
        open.entrance.hold(split.iter().map(ready).collect());
        open.entrance.forget(|set| standing.set(set).is_none());
        if seen.splits.get(place) != Some(&split) {
            self.core.board.update(|observed| {
                observed.splits.insert(place.clone(), split.clone());
            });
        }
        if standing.port.is_none() || waits.is_some_and(|rollout| open.told.as_ref() != Some(rollout)) {
            open.told = waits.cloned();
            let (core, place, port) = (Arc::clone(&self.core), place.clone(), open.port);
            self.tasks.spawn(async move { tell(&core, place, port, split).await });
        }
        true
    }

    /// Opens the port of a place: the one it has, or a new one.
    async fn listen(&mut self, state: &State, seen: &Observed, standing: &Standing) -> bool {
        let place = &standing.place;
        let listener = match standing.port {
            Some(port) => router::listen(port).await,
            None => router::choose(&state.places.values().filter_map(|other| other.port).collect::<Vec<_>>()).await,
        };
        let listening = listener.and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
        let problem = match listening {
            Ok((port, listener)) => {
                self.serve(place, port, listener);
                None
            }
            Err(error) => Some(Text::new(match standing.port {
                Some(port) => format!("its port {port} is taken by another program ({error}); it is tried again"),
                None => format!("there is no port for it: {error}"),
            })),
        };
        if seen.problems.get(place) != problem.as_ref() {
            self.core.board.update(|observed| match &problem {
                Some(problem) => drop(observed.problems.insert(place.clone(), problem.clone())),
                None => drop(observed.problems.remove(place)),
            });
        }
        problem.is_none()
    }

    fn serve(&mut self, place: &Place, port: u16, listener: TcpListener) {
        let entrance = self.core.traffic.entrance(place);
        self.tasks.spawn(router::serve(Arc::clone(&entrance), listener, self.stop.clone()));
        self.open.insert(place.clone(), Open { entrance, port, told: None });
    }

    /// Lets the last requests end. What could not be written until now is found again at the next start.
    async fn end(mut self) {
        let limit = tokio::time::sleep(router::LAST_ANSWERS + AGAIN);
        tokio::pin!(limit);
        loop {
            tokio::select! {
                () = &mut limit => break,
                ended = self.tasks.join_next() => if ended.is_none() { break },
            }
        }
        self.tasks.shutdown().await;
    }
}

/// Writes that a place listens and holds `split`.
async fn tell(core: &Core, place: Place, port: u16, split: Vec<Share>) {
    report(core, move |draft| {
        if draft.state().places.get(&place).is_some_and(|standing| standing.port.is_none()) {
            draft.place_mut(&place).port = Some(port);
        }
        rollouts::applied(draft, &place, &split);
    })
    .await;
}
