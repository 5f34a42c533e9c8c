//! Two people and one plan: what the first is shown while a second is waited for, and what the second is shown.

use super::{App, Effect};
use crate::actions::Request;
use crate::clock::Timestamp;
use crate::domain::confirmation::Confirmation;
use crate::domain::ids::SourceName;
use crate::domain::observation::{Facts, Observation, Subject};
use crate::domain::text::Text;
use crate::ui::Notice;

impl App {
    /// Shows the phrase while a second person is waited for, and no longer.
    pub(super) fn show_second(&mut self, number: u64) {
        let asked = self.levers.pull(number).and_then(|pull| Some((pull.plan().clone(), pull.asked()?.clone())));
        match asked {
            Some((plan, asked)) => self.ui.await_second(number, &plan, asked),
            None => self.ui.no_second(number),
        }
    }

    /// Looks for what was asked for with `phrase`, at the source that keeps such things.
    pub(super) fn find(&mut self, phrase: Text) -> Vec<Effect> {
        let source = self.store.sources().iter().find(|(_, state)| state.confirms).map(|(name, _)| name.clone());
        if source.is_none() {
            self.ui.say(Notice::caution("no source that answers lets a second person confirm"));
        }
        source.map(|source| Effect::Find(source, phrase)).into_iter().collect()
    }

    /// What was found becomes a plan to confirm it.
    pub(super) fn found(
        &mut self,
        source: SourceName,
        phrase: Text,
        found: Result<Box<Confirmation>, Text>,
        now: Timestamp,
    ) -> Vec<Effect> {
        self.dirty = true;
        let found = match found {
            Ok(found) => found,
            Err(why) => {
                self.ui.say(Notice::caution(why.as_str()));
                return Vec::new();
            }
        };
        let id = found.id.clone();
        let (subject, facts) = (Subject::Confirmation(id.clone()), Facts::Confirmation(found));
        self.store.apply(Observation { source: source.clone(), subject, at: now, facts });
        self.ask(Request::Confirm { source, id, phrase }, now)
    }
}
