//! What can end a job that runs: its time is over, somebody cancels it, the engine ends.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;

use crate::domain::ids::ServiceName;
use crate::engine::state::State;

/// Why a job is ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// Its time is over.
    TimedOut,
    /// Somebody cancels its run.
    Cancelled,
    /// The engine ends.
    Interrupted,
}

/// Where one job hears that it has to end.
pub struct Orders {
    state: watch::Receiver<Arc<State>>,
    run: (ServiceName, u64),
    limit: Pin<Box<Sleep>>,
    stop: CancellationToken,
}

impl Orders {
    /// For a job of `run`; its time begins now.
    pub fn new(
        state: watch::Receiver<Arc<State>>,
        run: (ServiceName, u64),
        limit: Duration,
        stop: CancellationToken,
    ) -> Self {
        Self { state, run, limit: Box::pin(tokio::time::sleep(limit)), stop }
    }

    /// Waits until the job has to end.
    pub async fn halted(&mut self) -> Halt {
        tokio::select! {
            () = self.stop.cancelled() => Halt::Interrupted,
            () = cancelled(&mut self.state, &self.run, false) => Halt::Cancelled,
            () = &mut self.limit => Halt::TimedOut,
        }
    }

    /// Whether the job has to end, as of now.
    pub fn standing(&mut self) -> Option<Halt> {
        self.halted().now_or_never()
    }

    /// Waits until the job has to end at once.
    pub async fn forced(&mut self) {
        cancelled(&mut self.state, &self.run, true).await;
    }
}

/// Waits until a run is told to stop; with `force`, until it is told to stop at once.
async fn cancelled(state: &mut watch::Receiver<Arc<State>>, run: &(ServiceName, u64), force: bool) {
    let told = |state: &Arc<State>| {
        let cancel = state.runs.get(run).and_then(|run| run.cancel.as_ref());
        cancel.is_some_and(|cancel| cancel.force || !force)
    };
    if state.wait_for(told).await.is_err() {
        std::future::pending::<()>().await;
    }
}
