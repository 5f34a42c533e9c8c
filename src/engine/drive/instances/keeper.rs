//! Keeping one instance running: started, asked whether it is well, started again when it is not, ended when it is told to.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::check::{Beat, Pulse, ask};
use super::life::{Life, rule};
use super::seen::Sight;
use super::{Ground, Slot, log};
use crate::domain::text::Text;
use crate::engine::rules::instances;

/// How long an instance that ended is waited for before it is started again, at first.
const FIRST: Duration = Duration::from_millis(500);
/// The longest wait: it doubles each time.
const LONGEST: Duration = Duration::from_secs(30);
/// How long it must have run for the waits to begin anew.
const STEADY: Duration = Duration::from_mins(1);
/// How long the requests that an instance still has may take once it is no longer wanted.
const LAST_REQUESTS: Duration = Duration::from_secs(30);
/// How long an instance may take to get well where its pipeline does not say.
const WITHIN: Duration = Duration::from_secs(30);

/// Why an instance is no longer watched.
enum Left {
    /// The engine ends; the instance does not.
    EngineEnds,
    /// It is no longer wanted.
    Down,
    /// It ended, or does not answer.
    Lost(String),
}

struct Keeper {
    ground: Arc<Ground>,
    slot: Slot,
    down: CancellationToken,
    pause: Duration,
}

/// Keeps an instance until `down`, then ends it and forgets it; or until the engine ends, and leaves it running.
pub(super) async fn keep(ground: Arc<Ground>, slot: Slot, down: CancellationToken) {
    let mut keeper = Keeper { ground, slot, down, pause: FIRST };
    let mut adopted = Life::adopt(&keeper.ground.core, &keeper.slot);
    loop {
        let life = match adopted.take() {
            Some(life) => Ok(Some(life)),
            None => keeper.begin().await,
        };
        let left = match life {
            Ok(Some(life)) => keeper.live(life).await,
            Ok(None) if keeper.ground.stop.is_cancelled() => Left::EngineEnds,
            Ok(None) => Left::Down,
            Err(why) => Left::Lost(why.to_string()),
        };
        let left = match left {
            Left::Lost(why) => keeper.lost(why).await,
            other => Some(other),
        };
        match left {
            None => {}
            Some(Left::EngineEnds) => return,
            Some(_) => return keeper.forget().await,
        }
    }
}

impl Keeper {
    async fn begin(&self) -> Result<Option<Life>, Text> {
        self.ground.seen.put(&self.slot, Sight::Starting);
        Life::begin(&self.ground, &self.slot).await
    }

    /// Lives through one life, to its end.
    async fn live(&mut self, mut life: Life) -> Left {
        let clock = Arc::clone(&self.ground.core.clock);
        let began = clock.instant();
        let left = match self.watch(&mut life).await {
            Left::Down => self.drain().await,
            left => left,
        };
        match &left {
            Left::EngineEnds => {}
            Left::Down => life.end().await,
            Left::Lost(why) => {
                // No more traffic first, then the end of whatever is left of it.
                self.ground.seen.put(&self.slot, Sight::Ill(Text::new(why)));
                life.kill().await;
            }
        }
        if clock.instant().saturating_duration_since(began) >= STEADY {
            self.pause = FIRST;
        }
        left
    }

    /// Gives the requests that are under way their time.
    async fn drain(&self) -> Left {
        let drained = self.ground.core.traffic.drained(&self.slot.place, self.slot.set);
        tokio::select! {
            () = self.ground.stop.cancelled() => Left::EngineEnds,
            _ = tokio::time::timeout(LAST_REQUESTS, drained) => Left::Down,
        }
    }

    async fn watch(&self, life: &mut Life) -> Left {
        let (path, within) = self.health();
        let core = &self.ground.core;
        let port = life.port;
        let mut pulse = Pulse::new(core.clock.instant(), within);
        let mut pause = Duration::ZERO;
        loop {
            let question = async {
                tokio::time::sleep(pause).await;
                ask(port, path.as_deref()).await
            };
            let answer = tokio::select! {
                biased;
                () = self.ground.stop.cancelled() => return Left::EngineEnds,
                () = self.down.cancelled() => return Left::Down,
                ended = life.ended() => return Left::Lost(self.last_word(ended, life.log_from)),
                answer = question => answer,
            };
            match pulse.take(answer, core.clock.instant()) {
                Beat::Well => self.ground.seen.put(&self.slot, Sight::Ready(port)),
                Beat::Ill(why) => self.ground.seen.put(&self.slot, Sight::Ill(Text::new(why))),
                Beat::GivenUp(why) => return Left::Lost(why),
            }
            pause = pulse.pause();
            trim(self.slot.log(core)).await;
        }
    }

    /// The path that is asked for, and how long it may take to be well.
    fn health(&self) -> (Option<String>, Duration) {
        let state = self.ground.core.ledger.state();
        let health = rule(&state, &self.slot).and_then(|(_, environment)| environment.health.clone());
        health.map_or((None, WITHIN), |health| (Some(health.path), health.within))
    }

    /// How it ended, with the last line that it wrote.
    fn last_word(&self, ended: String, from: u64) -> String {
        match log::last_line(&self.slot.log(&self.ground.core), from) {
            Some(line) => format!("{ended}: {line}"),
            None => ended,
        }
    }

    /// Waits before it is started again; if that is not to be, why.
    async fn lost(&mut self, why: String) -> Option<Left> {
        tracing::info!(place = %self.slot.place, set = self.slot.set, number = self.slot.number, %why, "an instance is lost");
        self.ground.seen.put(&self.slot, Sight::Ill(Text::new(why)));
        let pause = self.pause;
        self.pause = (pause * 2).min(LONGEST);
        tokio::select! {
            biased;
            () = self.ground.stop.cancelled() => Some(Left::EngineEnds),
            () = self.down.cancelled() => Some(Left::Down),
            () = tokio::time::sleep(pause) => None,
        }
    }

    /// Takes it off the records.
    async fn forget(self) {
        self.ground.seen.forget(&self.slot);
        let slot = self.slot;
        self.ground.report(move |draft| instances::stopped(draft, &slot.place, slot.set, slot.number)).await;
    }
}

/// A log that cannot be cut is not worth an instance.
async fn trim(path: PathBuf) {
    let trimmed = tokio::task::spawn_blocking(move || log::trim(&path)).await;
    if let Ok(Err(error)) = trimmed {
        tracing::debug!(%error, "the log of an instance was not looked at");
    }
}
