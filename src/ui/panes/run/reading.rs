//! Reading the log: what its keys do.

use super::{Part, Runs, steps};
use crate::actions::World;
use crate::domain::sought::{Seek, Step};
use crate::store::log::Log as Loaded;
use crate::ui::command::{Direction, Log};
use crate::ui::reaction::Reaction;

impl Runs {
    /// Obeys a command on the log that is loaded.
    pub(super) fn obey_log(&mut self, command: Log, log: &Loaded, world: &World<'_>) -> Vec<Reaction> {
        let said = match command {
            Log::Follow => {
                self.log.follow();
                None
            }
            Log::Wrap => {
                self.log.wrap();
                None
            }
            Log::Times => self.log.time(log),
            Log::Hit(direction) => self.log.hit(direction, log),
            Log::Error => {
                self.part = Part::Log;
                self.log.first_error(log)
            }
            Log::ErrorBeside(direction) => {
                self.part = Part::Log;
                self.log.error(direction, log)
            }
            Log::Step(direction) => return vec![Reaction::Say(self.step(direction, log, world).into())],
            Log::Mark => return self.mark(world.store),
            Log::Save => return self.save(),
        };
        said.map(|words| Reaction::Say(words.into())).into_iter().collect()
    }

    /// Takes in what was found of what is looked for in the log that is shown.
    pub(super) fn found(&mut self, seek: &Seek, step: Option<&Step>, world: &World<'_>) -> Vec<Reaction> {
        if self.key().as_ref() != Some(&seek.log) {
            return Vec::new();
        }
        let Some(log) = world.store.log(&seek.log) else { return Vec::new() };
        self.log.sought(seek, step, log).map(|words| Reaction::Say(words.into())).into_iter().collect()
    }

    /// Has all of the log written to a file, also what is not loaded.
    pub(super) fn save(&self) -> Vec<Reaction> {
        match self.key() {
            Some(log) => vec![Reaction::Say("saving the log".into()), Reaction::SaveLog(log)],
            None => vec![Reaction::Say("no job is selected".into())],
        }
    }

    /// Goes to where the next step begins, or the one before, and says which it is.
    fn step(&mut self, direction: Direction, log: &Loaded, world: &World<'_>) -> String {
        let known = self.job(world.store).map(|job| job.steps.as_slice()).unwrap_or_default();
        if known.is_empty() {
            return "the source tells no steps of this job".into();
        }
        self.part = Part::Log;
        let begins = steps::begins(log, known);
        let lines: Vec<usize> = begins.iter().map(|(line, _)| *line).collect();
        let to = self.log.to_one_of(&lines, direction, log);
        match begins.iter().find(|(line, _)| Some(*line) == to) {
            Some((_, step)) => steps::says(known, *step),
            None if begins.is_empty() => "no step begins in what is loaded".into(),
            None if direction == Direction::Next => "no step begins after this line".into(),
            None => "no step begins before this line".into(),
        }
    }
}
