//! Running jobs: every job that is to begin is begun, so many at once as there are cores.

mod attempt;
mod leftover;
mod lines;
mod log;
mod orders;
mod release;
mod steps;
mod surroundings;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::report;
use crate::clock::since;
use crate::engine::artifacts::Store;
use crate::engine::core::Core;
use crate::engine::rules::jobs::{self, At};
use steps::Steps;

/// Fewer jobs than this at once would let one that hangs hold up all others.
const FEWEST: usize = 2;

/// How long is waited from one making of room to the next.
const BETWEEN_SWEEPS: Duration = Duration::from_hours(1);

/// What the jobs of an engine share.
struct Yard {
    core: Arc<Core>,
    store: Store,
    /// Held while a release is made, so that no two are made of one version.
    releasing: Mutex<()>,
    /// The end of the engine.
    stop: CancellationToken,
}

/// One try of a job.
struct Try {
    at: At,
    number: u32,
    steps: Steps,
}

/// Runs what is to run, until `stop`; then ends what runs.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let most = std::thread::available_parallelism().map_or(FEWEST, usize::from).max(FEWEST);
    let mut state = core.ledger.watch();
    let store = Store::new(core.folder.artifacts());
    let yard = Arc::new(Yard { core, store, releasing: Mutex::default(), stop: stop.clone() });
    let mut running = JoinSet::new();
    let mut swept: Option<Timestamp> = None;
    loop {
        let due = jobs::due(&state.borrow_and_update());
        let now = yard.core.clock.now();
        if running.is_empty() && due.is_empty() && swept.is_none_or(|at| since(at, now) >= BETWEEN_SWEEPS) {
            sweep::sweep(&yard).await;
            swept = Some(now);
        }
        for at in due.into_iter().take(most - running.len().min(most)) {
            tokio::select! {
                () = stop.cancelled() => break,
                begun = begin(&yard, at) => if let Some(begun) = begun {
                    running.spawn(attempt::run(Arc::clone(&yard), begun));
                },
            }
        }
        tokio::select! {
            () = stop.cancelled() => break,
            changed = state.changed() => if changed.is_err() { break },
            Some(_) = running.join_next() => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// That a job begins is on the disk before anything of it runs.
async fn begin(yard: &Yard, at: At) -> Option<Try> {
    let wanted = at.clone();
    let number = report(&yard.core, move |draft| jobs::begin(draft, &wanted)).await??;
    let steps = Steps::new(&yard.core, &at);
    Some(Try { at, number, steps })
}

/// Tells what becomes of the jobs of an engine that was killed. Their processes have been ended.
pub async fn take_over(core: &Core) {
    report(core, jobs::interrupt_all).await;
    leftover::clear(core).await;
}
