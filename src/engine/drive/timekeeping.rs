//! Time: what happens at a certain moment (a gate expires, a release need not be kept running) is looked at then.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::clock::since;
use crate::engine::core::Core;
use crate::engine::rules::places;
use crate::engine::store::Draft;

/// The longest that is slept at once, so that a clock that was set is noticed.
const LONGEST: Duration = Duration::from_mins(1);

/// Lets the rules look at the time whenever one of their moments has come, until `stop`.
pub async fn run(core: Arc<Core>, stop: CancellationToken) {
    let mut state = core.ledger.watch();
    loop {
        let next = places::next_deadline(&state.borrow_and_update());
        let now = core.clock.now();
        if next.is_some_and(|next| next <= now) {
            settle(&core).await;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = state.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(pause(next, now)) => {}
        }
    }
}

/// How long to sleep: to the next moment, not longer than a minute. One that has passed and is still there could not be
/// written; it is tried again after a second.
fn pause(next: Option<Timestamp>, now: Timestamp) -> Duration {
    match next {
        Some(next) if next <= now => Duration::from_secs(1),
        Some(next) => since(now, next).min(LONGEST),
        None => LONGEST,
    }
}

/// A transition of nothing: all that it brings is what follows from the time.
async fn settle(core: &Core) {
    let settled = core.ledger.write(|_: &mut Draft| Ok::<_, Infallible>(())).await;
    if let Err(fault) = settled {
        tracing::warn!(%fault, "the time was not taken note of");
    }
}
