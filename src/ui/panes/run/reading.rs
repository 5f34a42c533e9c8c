//! Reading the log: what its keys do.

use super::{Part, Runs};
use crate::store::log::Log as Loaded;
use crate::ui::command::Log;
use crate::ui::reaction::Reaction;
use crate::ui::widgets::log::NO_ERROR;

impl Runs {
    /// Obeys a command on the log that is loaded.
    pub(super) fn obey_log(&mut self, command: Log, log: &Loaded) -> Vec<Reaction> {
        let said = match command {
            Log::Follow => {
                self.log.follow();
                None
            }
            Log::Wrap => {
                self.log.wrap();
                None
            }
            Log::Hit(direction) => self.log.hit(direction, log),
            Log::Error if self.log.first_error(log) => {
                self.part = Part::Log;
                None
            }
            Log::Error => Some(NO_ERROR),
            Log::ErrorBeside(direction) => {
                self.part = Part::Log;
                self.log.error(direction, log)
            }
            Log::Mark => return self.mark(),
        };
        said.map(|words| Reaction::Say(words.into())).into_iter().collect()
    }
}
