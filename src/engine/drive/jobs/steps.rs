//! The steps of one try of a job: its lines, as they begin and end. On the board while it runs; what ends up on record
//! is told with the job's end.

use std::sync::Arc;

use crate::clock::Clock;
use crate::domain::run::Status;
use crate::engine::core::Core;
use crate::engine::observed::Board;
use crate::engine::rules::jobs::At;
use crate::engine::state::run::Step;

/// Where the steps of one try are told.
pub struct Steps {
    board: Board,
    clock: Arc<dyn Clock>,
    at: At,
}

impl Steps {
    /// Of a try that has begun, and no line of it yet.
    pub fn new(core: &Core, at: &At) -> Self {
        let steps = Self { board: core.board.clone(), clock: Arc::clone(&core.clock), at: at.clone() };
        steps.change(Vec::clear);
        steps
    }

    /// The next line begins.
    pub fn begin(&self) {
        let step = Step { status: Status::Running, started_at: self.clock.now(), ended_at: None };
        self.change(|steps| steps.push(step));
    }

    /// The line that began last has ended so.
    pub fn end(&self, status: Status) {
        let now = self.clock.now();
        self.change(|steps| {
            if let Some(last) = steps.last_mut() {
                (last.status, last.ended_at) = (status, Some(now));
            }
        });
    }

    /// Those that have begun.
    pub fn begun(&self) -> Vec<Step> {
        self.board.read().steps.get(&self.at.key()).cloned().unwrap_or_default()
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Step>)) {
        self.board.update(|observed| change(observed.steps.entry(self.at.key()).or_default()));
    }
}

impl Drop for Steps {
    fn drop(&mut self) {
        self.board.update(|observed| drop(observed.steps.remove(&self.at.key())));
    }
}
