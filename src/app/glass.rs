//! The glass before the rules of the policy, broken in the console: on record before it is, for a while, and on record
//! again when it is whole.

use jiff::SignedDuration;

use super::effect::Record;
use super::{App, Effect};
use crate::actions::{Glass, Outcome, OutcomeState, document};
use crate::clock::Timestamp;
use crate::domain::text::Text;
use crate::ui::Notice;

/// How long it stays broken.
const SPAN: SignedDuration = SignedDuration::from_mins(15);

impl App {
    /// The glass is to be broken for `reason`, because of these locks: that goes on record first.
    pub(super) fn break_glass(&mut self, reason: Text, locks: &[Text], now: Timestamp) -> Vec<Effect> {
        let locks: Vec<_> = locks.iter().map(Text::as_str).collect();
        let says = format!("broken by {} for 15 min: {reason} (locked: {})", self.operator.name, locks.join("; "));
        let until = now.saturating_add(SPAN).unwrap_or(now);
        self.breaking = Some(Glass { reason, until });
        vec![self.note("break_glass", says)]
    }

    /// What became of the glass is on record, or could not be: then it is not broken.
    pub(super) fn noted(&mut self, written: Result<u64, String>, now: Timestamp) -> Vec<Effect> {
        let Some(glass) = self.breaking.take() else { return Vec::new() };
        self.dirty = true;
        match written {
            Ok(_) => {
                self.operator.glass = Some(glass);
                self.remake(now)
            }
            Err(error) => {
                self.ui.say(Notice::caution(format!("the glass is whole: the journal cannot be written: {error}")));
                Vec::new()
            }
        }
    }

    /// The glass is whole again.
    pub(super) fn mend_glass(&mut self, why: &str, now: Timestamp) -> Vec<Effect> {
        self.dirty = true;
        if self.operator.glass.take().is_none() {
            self.ui.say(Notice::note("the glass is whole"));
            return Vec::new();
        }
        self.ui.say(Notice::note(format!("the glass is whole again: {why}")));
        let mut effects = vec![self.note("mend_glass", format!("whole again: {why}"))];
        effects.extend(self.remake(now));
        effects
    }

    /// The reason given to a plan; one that breaks an emergency stop has at least that of the glass.
    pub(super) fn reason(&self, dialog: u64, given: Option<Text>) -> Option<Text> {
        let breaks = self.levers.pull(dialog).is_some_and(|pull| pull.plan().order.breaks);
        given.or_else(|| self.operator.glass.as_ref().filter(|_| breaks).map(|glass| glass.reason.clone()))
    }

    fn note(&self, action: &'static str, says: String) -> Effect {
        let outcome = document::outcome(&Outcome::new(OutcomeState::Reached, says));
        let target = self.store.topology().context.clone();
        Effect::Note(Record::Outcome { action, target, intent: None, outcome })
    }
}
