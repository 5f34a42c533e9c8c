//! Doing what is decided, and telling what is seen: repositories, jobs, instances, traffic, time.

pub mod checkout;
mod distances;
mod instances;
mod jobs;
mod judging;
mod polling;
mod routing;
#[cfg(test)]
mod tests;
mod timekeeping;

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::engine::core::Core;
use crate::engine::rules::ladder;
use crate::engine::settings::Fault;
use crate::engine::store::{self, Draft};

/// The tasks of a running engine.
pub struct Drivers(JoinSet<()>);

impl Drivers {
    /// Waits until all have ended; they were told to.
    pub async fn end(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

/// Brings what is left of an earlier process in order, before anything new begins.
pub async fn take_over(core: &Arc<Core>) -> Result<(), Fault> {
    instances::take_over(core).await;
    jobs::take_over(core).await;
    report(core, ladder::bake_anew).await;
    Ok(())
}

/// Begins to drive everything, until `stop`.
pub fn start(core: &Arc<Core>, stop: &CancellationToken) -> Drivers {
    let mut tasks = JoinSet::new();
    tasks.spawn(instances::run(Arc::clone(core), stop.clone()));
    tasks.spawn(polling::run(Arc::clone(core), stop.clone()));
    tasks.spawn(jobs::run(Arc::clone(core), stop.clone()));
    tasks.spawn(distances::run(Arc::clone(core), stop.clone()));
    tasks.spawn(timekeeping::run(Arc::clone(core), stop.clone()));
    tasks.spawn(routing::run(Arc::clone(core), stop.clone()));
    tasks.spawn(judging::run(Arc::clone(core), stop.clone()));
    Drivers(tasks)
}

/// Ends all instances, at the end of an engine that is told to.
pub async fn stop_instances(core: &Arc<Core>) {
    instances::stop_all(core).await;
}

/// How long to wait before a write is tried again that did not go through.
const AGAIN: Duration = Duration::from_secs(1);

/// Writes what was seen, and tries again until it is written: on a full disk the engine waits for room. `None` only when
/// the engine ends.
pub async fn report<T: Send + 'static>(
    core: &Core,
    seen: impl Fn(&mut Draft) -> T + Clone + Send + 'static,
) -> Option<T> {
    loop {
        let seen = seen.clone();
        let written = core.ledger.write(move |draft| Ok::<_, std::convert::Infallible>(seen(draft))).await;
        match written {
            Ok(Ok(value)) => return Some(value),
            Ok(Err(never)) => match never {},
            Err(store::Fault::Stopped) => return None,
            Err(fault) => {
                tracing::warn!(%fault, "a transition was not written; it is tried again");
                tokio::time::sleep(AGAIN).await;
            }
        }
    }
}
