//! Looking through logs at their sources, a step at a time: what the screen wants looked through is asked for, once; what
//! comes for something else than what is wanted now changes nothing.

use super::{App, Effect};
use crate::actions::World;
use crate::clock::Timestamp;
use crate::domain::sought::{Seek, Step};
use crate::domain::text::Text;

/// What is being looked through.
#[derive(Debug, Default)]
pub struct Seeking {
    /// The number of the last step that was asked for.
    number: u64,
    /// What is on its way.
    step: Option<Seek>,
}

impl App {
    /// A step is over.
    pub(super) fn sought(&mut self, number: u64, step: &Result<Step, Text>, now: Timestamp) -> Vec<Effect> {
        if number != self.seeking.number {
            return Vec::new();
        }
        let Some(seek) = self.seeking.step.take() else { return Vec::new() };
        if let Err(message) = step {
            tracing::info!(?seek, %message, "a log was not looked through");
        }
        let Self { store, policy, operator, ui, .. } = self;
        ui.sought(&seek, step.as_ref().ok(), &World { store, policy, operator, now, key: "" });
        self.dirty = true;
        Vec::new()
    }

    /// Asks for what the screen wants looked through, if that is something else than what is on its way.
    pub(super) fn seek(&mut self) -> Option<Effect> {
        let wanted = self.ui.seeks(&self.store);
        if wanted == self.seeking.step {
            return None;
        }
        self.seeking.step.clone_from(&wanted);
        let Some(seek) = wanted else { return Some(Effect::StopSeeking) };
        let source = self.store.service(&seek.log.run.service)?.source.clone();
        self.seeking.number += 1;
        Some(Effect::Seek(self.seeking.number, source, seek))
    }
}
