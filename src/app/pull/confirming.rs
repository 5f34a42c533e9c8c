//! From the word to the journal: the calls with the reason, what the plan rests on read again, the intent.

use jiff::Timestamp;
use serde_json::json;

use super::{Phase, Pull, REREAD, Want, plus};
use crate::actions::interlocks::stop;
use crate::actions::{Outcome, OutcomeState, Refusal, document, facts};
use crate::app::effect::Record;
use crate::clock::since;
use crate::domain::ids::Revision;
use crate::domain::observation::Subject;
use crate::domain::order::Call;
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
        let moved = self.is_old(store) || self.ticked(store).is_some();
        if self.max_age.is_zero() || since(self.plan.seen_at, now) > self.max_age || moved {
            self.phase = Phase::Rereading { since: now };
            return vec![Want::Refresh(self.plan.source().clone(), self.rests_on())];
        }
        self.record(store, now)
    }

    /// Goes on only with an answer that is newer than the confirmation and says the same.
    pub(super) fn reread(&mut self, store: &Store, since: Timestamp, now: Timestamp) -> Vec<Want> {
        if self.read_at(store).is_some_and(|at| at > since) {
            return self.compared(store, now);
        }
        let state = store.sources().get(self.plan.source());
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

    /// When what it rests on was last seen; what its source says of other things does not count.
    fn read_at(&self, store: &Store) -> Option<Timestamp> {
        match self.rests_on() {
            Subject::Run(run) => store.run(&run).map(|seen| seen.at),
            Subject::Confirmation(id) => store.confirmation(&id).map(|seen| seen.at),
            _ => store.sources().get(self.plan.source())?.overview_at,
        }
    }

    /// What it rests on was read again: it is sent only if that is what it was.
    fn compared(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        if let Some(words) = self.moved(store) {
            return self.settle(Outcome::new(OutcomeState::Moved, words).refused(Refusal::Moved), None);
        }
        if self.stopped(store) {
            let words = "the emergency stop is not what it was when the plan was made: nothing was sent";
            return self.settle(Outcome::new(OutcomeState::Refused, words).refused(Refusal::Rule), None);
        }
        let Some(revision) = self.ticked(store) else { return self.record(store, now) };
        if self.plan.second.is_some() {
            let words = "its revision is not the one that the second person confirmed: nothing was sent";
            return self.settle(Outcome::new(OutcomeState::Moved, words).refused(Refusal::Moved), None);
        }
        self.plan.order.expect = Some(revision.clone());
        self.plan.revision = Some(revision);
        self.phase = Phase::Renewing;
        vec![Want::Describe]
    }

    /// The calls carry the revision that was just read; in everything else they have to be those that were shown.
    pub(super) fn renewed(&mut self, calls: Vec<Call>, store: &Store, now: Timestamp) -> Vec<Want> {
        if !calls.iter().map(ToString::to_string).eq(self.calls.iter().map(ToString::to_string)) {
            let words = "its source would be told something else now: nothing was sent";
            return self.settle(Outcome::new(OutcomeState::Moved, words).refused(Refusal::Moved), None);
        }
        self.calls = calls;
        self.record(store, now)
    }

    /// Whether an emergency stop came or went since the plan was made that could lock it.
    fn stopped(&self, store: &Store) -> bool {
        self.plan.stops.as_ref().is_some_and(|seen| *seen != stop::revision(store))
    }

    /// In words, what moved since the plan was made, if anything did.
    fn moved(&self, store: &Store) -> Option<String> {
        let Some(now) = facts::facts(store, &self.plan.order) else {
            return Some("what the plan acts on is gone: nothing was sent".into());
        };
        let words = facts::difference(&self.plan.facts, &now)?;
        Some(format!("it moved since the plan was made: {words}: nothing was sent"))
    }

    /// The revision that it has now, where that is another than the plan's.
    fn ticked(&self, store: &Store) -> Option<Revision> {
        let planned = self.plan.revision.as_ref()?;
        facts::revision_now(store, &self.plan.order).filter(|now| now != planned)
    }

    fn record(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        if self.plan.lapses_at().is_some_and(|at| at <= now) {
            let words = "a rule has changed since the plan was made";
            return self.settle(Outcome::new(OutcomeState::Refused, words).refused(Refusal::Rule), None);
        }
        self.phase = Phase::Recording;
        let mut plan = document::plan(&self.plan, &self.calls);
        plan["confirmed_by"] = json!(self.confirmed_by);
        let source = store.sources().get(self.plan.source());
        plan["login"] = json!(source.and_then(|source| source.login.as_ref()).map(|login| &login.name));
        let reason = self.plan.order.reason.as_ref().map(ToString::to_string);
        vec![Want::Record(Record::Intent {
            action: self.plan.action.as_str(),
            target: self.plan.target.path.clone(),
            plan,
            reason,
        })]
    }
}
