//! From the word to the journal: the calls with the reason, what the plan rests on read again, the intent.

use jiff::Timestamp;
use serde_json::json;

use super::{Phase, Pull, REREAD, Want, plus};
use crate::actions::interlocks::stop;
use crate::actions::{Outcome, OutcomeState, Refusal, document, revision_now};
use crate::app::effect::Record;
use crate::clock::since;
use crate::domain::text::Text;
use crate::store::Store;

impl Pull {
    /// The reason goes to the source too, so the calls that were shown without it are named once more with it.
    pub(super) fn confirmed(&mut self, reason: Option<Text>, store: &Store, now: Timestamp) -> Vec<Want> {
        if self.plan.order.reason == reason {
            return self.begin(store, now);
        }
        self.plan.order.reason = reason;
        self.phase = Phase::Rewording;
        vec![Want::Describe]
    }

    pub(super) fn go(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        if since(self.plan.seen_at, now) > self.max_age || self.is_old(store) {
            self.phase = Phase::Rereading { since: now };
            return vec![Want::Refresh(self.plan.source().clone(), self.subject())];
        }
        self.record(now)
    }

    /// Goes on only with an answer that is newer than the confirmation and says the same.
    pub(super) fn reread(&mut self, store: &Store, since: Timestamp, now: Timestamp) -> Vec<Want> {
        let state = store.sources().get(self.plan.source());
        let answered = state.and_then(|state| state.answered_at).is_some_and(|at| at > since);
        if answered {
            return match self.moved(store) {
                Some(words) => self.settle(Outcome::new(OutcomeState::Moved, words).refused(Refusal::Moved), None),
                None if self.stopped(store) => {
                    let words = "the emergency stop is not what it was when the plan was made: nothing was sent";
                    self.settle(Outcome::new(OutcomeState::Refused, words).refused(Refusal::Rule), None)
                }
                None => self.record(now),
            };
        }
        let failed = state.and_then(|state| state.problem.as_ref()).filter(|problem| problem.since.is_some());
        if plus(since, REREAD).is_some_and(|limit| now >= limit) || failed.is_some() {
            let why = failed.map_or_else(|| "it does not answer".into(), |problem| problem.message.to_string());
            let words = format!("nothing was sent: {} could not be read again: {why}", self.plan.source());
            let outcome = Outcome::new(OutcomeState::Failed, words).refused(Refusal::Unreachable);
            return self.settle(outcome, None);
        }
        Vec::new()
    }

    /// Whether what is known is no longer what the plan was made from.
    pub(super) fn is_old(&self, store: &Store) -> bool {
        self.moved(store).is_some() || self.stopped(store)
    }

    /// Whether an emergency stop came or went since the plan was made that could lock it.
    fn stopped(&self, store: &Store) -> bool {
        self.plan.stops.as_ref().is_some_and(|seen| *seen != stop::revision(store))
    }

    /// In words, what moved since the plan was made, if anything did.
    fn moved(&self, store: &Store) -> Option<String> {
        let planned = self.plan.revision.as_ref()?;
        match revision_now(store, &self.plan.order) {
            Some(now) if now == *planned => None,
            Some(now) => {
                Some(format!("it moved since the plan was made (revision {planned}, now {now}): nothing was sent"))
            }
            None => Some("what the plan acts on is gone: nothing was sent".into()),
        }
    }

    fn record(&mut self, now: Timestamp) -> Vec<Want> {
        if self.plan.lapses_at().is_some_and(|at| at <= now) {
            let words = "a rule has changed since the plan was made";
            return self.settle(Outcome::new(OutcomeState::Refused, words).refused(Refusal::Rule), None);
        }
        self.phase = Phase::Recording;
        let mut plan = document::plan(&self.plan, &self.calls);
        plan["confirmed_by"] = json!(self.confirmed_by);
        let reason = self.plan.order.reason.as_ref().map(ToString::to_string);
        vec![Want::Record(Record::Intent {
            action: self.plan.action.as_str(),
            target: self.plan.target.path.clone(),
            plan,
            reason,
        })]
    }
}
