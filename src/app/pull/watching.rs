//! From sending to the outcome: the calls go out once, and the end is looked for until it is seen or the time is up.

use jiff::Timestamp;

use super::{Phase, Pull, Want, plus};
use crate::actions::plan::LOOK;
use crate::actions::{Expectation, Outcome, OutcomeState, Plan, Progress, Refusal};
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::clock::since;
use crate::domain::ids::RunKey;
use crate::domain::observation::Subject;
use crate::domain::order::{Deed, PipelineDeed};
use crate::store::Store;

impl Pull {
    /// The intent is on record under this number: the calls go out.
    pub(super) fn send(&mut self, intent: u64, now: Timestamp) -> Vec<Want> {
        self.phase = Phase::Sending { since: now, intent };
        vec![Want::Send(self.calls.clone())]
    }

    /// The backend has answered, or has not.
    pub(super) fn sent(
        &mut self,
        answer: Result<Option<RunKey>, CapabilityError>,
        store: &Store,
        (since, intent): (Timestamp, u64),
        now: Timestamp,
    ) -> Vec<Want> {
        let sure = match answer {
            Ok(run) => {
                if let Expectation::Started(expected) = &mut self.plan.expectation {
                    *expected = run;
                }
                true
            }
            Err(error) if error.kind == Kind::UnknownOutcome => false,
            Err(error) => return self.settle(refused(&error), Some(intent)),
        };
        if !self.wait {
            let outcome = Outcome::new(OutcomeState::Sent, "sent; its end was not waited for");
            return self.settle(outcome, Some(intent));
        }
        self.watch(store, (since, now, intent, sure), now)
    }

    /// Looks for the end in what is known, and asks for more where it is not there yet.
    pub(super) fn watch(
        &mut self,
        store: &Store,
        (began, look_at, intent, sure): (Timestamp, Timestamp, u64, bool),
        now: Timestamp,
    ) -> Vec<Want> {
        let took_ms = u64::try_from(since(began, now).as_millis()).ok();
        match self.plan.expectation.progress(store, began) {
            Progress::Reached(message) => {
                return self.settle(
                    Outcome { took_ms, ..Outcome::new(OutcomeState::Reached, message.as_str()) },
                    Some(intent),
                );
            }
            Progress::Contradicted(message) => {
                return self.settle(
                    Outcome { took_ms, ..Outcome::new(OutcomeState::NotReached, message.as_str()) },
                    Some(intent),
                );
            }
            Progress::Pending => {}
        }
        if since(began, now) >= self.plan.limit {
            return self.settle(late(&self.plan, sure, took_ms), Some(intent));
        }
        if now < look_at {
            self.phase = Phase::Watching { since: began, look_at, intent, sure };
            return Vec::new();
        }
        let look_at = plus(now, LOOK).unwrap_or(now);
        self.phase = Phase::Watching { since: began, look_at, intent, sure };
        vec![Want::Refresh(self.plan.source().clone(), self.subject())]
    }

    /// What to read again before anything is sent.
    pub(super) fn rests_on(&self) -> Subject {
        match &self.plan.order.deed {
            Deed::Pipeline(PipelineDeed::Start { .. }) => Subject::Overview,
            _ => self.subject(),
        }
    }

    /// What to look at for the plan's end.
    pub(super) fn subject(&self) -> Subject {
        match &self.plan.order.deed {
            Deed::Pipeline(PipelineDeed::Retry { run, .. } | PipelineDeed::Cancel { run, .. }) => {
                Subject::Run(run.clone())
            }
            Deed::Confirm(deed) => Subject::Confirmation(deed.id.clone()),
            Deed::Pipeline(PipelineDeed::Start { service, .. }) => match &self.plan.expectation {
                Expectation::Started(Some(run)) => Subject::Run(run.clone()),
                _ => Subject::Runs(service.clone()),
            },
            _ => Subject::Overview,
        }
    }
}

/// A refusal of the backend, which means that nothing was changed.
fn refused(error: &CapabilityError) -> Outcome {
    let state = match error.kind {
        Kind::Moved(_) => OutcomeState::Moved,
        Kind::ReadOnly | Kind::Refused | Kind::Unauthorized | Kind::Forbidden => OutcomeState::Refused,
        _ => OutcomeState::Failed,
    };
    let refusal = match error.kind {
        Kind::Moved(_) => Some(Refusal::Moved),
        Kind::ReadOnly | Kind::Refused => Some(Refusal::Rule),
        Kind::Unauthorized | Kind::Forbidden => Some(Refusal::NotAllowed),
        Kind::Unreachable => Some(Refusal::Unreachable),
        _ => None,
    };
    let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    Outcome { refusal, ..Outcome::new(state, format!("{}{hint}", error.message)) }
}

fn late(plan: &Plan, sure: bool, took_ms: Option<u64>) -> Outcome {
    let said = if sure { "accepted" } else { "sent, but no answer came" };
    let message = format!("{said}; not seen in time: {}", plan.expectation);
    Outcome { took_ms, ..Outcome::new(OutcomeState::Unknown, message) }
}
