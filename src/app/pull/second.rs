//! The second person, where the plan needs one: asked for, waited for, and what they confirmed gone on with, once.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Phase, Pull, Want, plus};
use crate::actions::{Outcome, OutcomeState, Refusal};
use crate::capabilities::CapabilityError;
use crate::domain::confirmation::{Asked, Said, State, Step};
use crate::domain::ids::SourceName;
use crate::domain::observation::Subject;
use crate::domain::text::Text;
use crate::store::Store;

/// Between two looks at whether somebody has confirmed.
const LOOK: SignedDuration = SignedDuration::from_secs(1);

impl Pull {
    /// The same, with how long a second person is waited for, if not until the phrase lapses.
    #[must_use]
    pub const fn within(mut self, patience: Option<Duration>) -> Self {
        self.patience = patience;
        self
    }

    /// What a second person is to be told, while one is waited for.
    pub const fn asked(&self) -> Option<&Asked> {
        match &self.phase {
            Phase::Awaiting { asked, .. } => Some(asked),
            _ => None,
        }
    }

    /// Asks for a second person where the plan needs one; else it goes on, as it does where it has moved already.
    pub(super) fn begin(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        match self.plan.second.clone().filter(|_| !self.is_old(store)) {
            None => self.go(store, now),
            Some(source) => {
                self.phase = Phase::Asking { since: now };
                vec![Want::Step(source, Step::Ask(self.plan.words()))]
            }
        }
    }

    /// A step was answered.
    pub(super) fn stepped(&mut self, said: Result<Said, CapabilityError>, now: Timestamp) -> Vec<Want> {
        match (said, self.phase.clone()) {
            (Ok(Said::Asked(asked)), Phase::Asking { since }) => {
                let until = self.patience.and_then(|patience| plus(since, patience));
                let until = until.map_or(asked.expires_at, |until| until.min(asked.expires_at));
                self.look(asked, until, now)
            }
            (Ok(Said::Stands(_)), Phase::Using) => {
                self.phase = Phase::Rereading { since: now };
                vec![Want::Refresh(self.plan.source().clone(), self.rests_on())]
            }
            (Ok(_), Phase::Asking { .. } | Phase::Using) => self.refuse("the answer makes no sense"),
            (Err(error), Phase::Asking { .. }) => self.refuse(&format!("no second person can be asked: {error}")),
            (Err(error), Phase::Using) => self.refuse(&format!("what was confirmed cannot be used: {error}")),
            _ => Vec::new(),
        }
    }

    /// Looks whether a second person has confirmed.
    pub(super) fn awaited(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        let Phase::Awaiting { asked, until, look_at } = self.phase.clone() else { return Vec::new() };
        let seen = store.confirmation(&asked.id).map(|seen| &seen.value);
        match seen.map(|seen| (seen.state, &seen.confirmed_by)) {
            Some((State::Confirmed, by)) => {
                self.confirmed_by.clone_from(by);
                self.phase = Phase::Using;
                vec![Want::Step(self.second(), Step::Use(asked.id, self.plan.words()))]
            }
            Some((State::Withdrawn | State::Lapsed | State::Used, _)) => self.refuse("nobody confirmed it in time"),
            _ if now >= until => self.withdraw("nobody confirmed it in time"),
            _ if now >= look_at => self.look(asked, until, now),
            _ => Vec::new(),
        }
    }

    fn look(&mut self, asked: Asked, until: Timestamp, now: Timestamp) -> Vec<Want> {
        let subject = Subject::Confirmation(asked.id.clone());
        let look_at = now.saturating_add(LOOK).unwrap_or(now).min(until);
        self.phase = Phase::Awaiting { asked, until, look_at };
        vec![Want::Refresh(self.second(), subject)]
    }

    /// Leaves what was asked for: nobody can confirm it any more.
    pub(super) fn withdraw(&mut self, why: &str) -> Vec<Want> {
        let id = self.asked().map(|asked| asked.id.clone());
        let left: Option<Want> = id.map(|id: Text| Want::Step(self.second(), Step::Withdraw(id)));
        let mut wants = self.refuse(why);
        wants.extend(left);
        wants
    }

    fn refuse(&mut self, why: &str) -> Vec<Want> {
        let outcome = Outcome::new(OutcomeState::Refused, why).refused(Refusal::Rule);
        self.settle(outcome, None)
    }

    fn second(&self) -> SourceName {
        self.plan.second.clone().unwrap_or_else(|| self.plan.source().clone())
    }
}
