//! The life of one action, the same for the console and the command line: described, confirmed, read again if old, its
//! intent journalled, sent once, watched until the end is seen, its outcome journalled. Pure; its owner performs.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::effect::Record;
use crate::actions::{Expectation, Outcome, OutcomeState, Plan, Progress, Refusal, document, revision_now};
use crate::capabilities::CapabilityError;
use crate::capabilities::error::Kind;
use crate::clock::since;
use crate::domain::ids::RunKey;
use crate::domain::observation::Subject;
use crate::domain::order::{Call, Deed, PipelineDeed};
use crate::domain::text::Text;
use crate::store::Store;

/// Between two looks at the target while its end is awaited.
const LOOK: SignedDuration = SignedDuration::from_millis(200);
/// How long reading again before sending may take.
const REREAD: Duration = Duration::from_secs(15);

/// One action on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pull {
    plan: Plan,
    calls: Vec<Call>,
    max_age: Duration,
    wait: bool,
    phase: Phase,
}

#[derive(Debug, Clone, PartialEq)]
enum Phase {
    /// Its exact calls are being asked for.
    Describing,
    /// Shown; nobody has confirmed.
    Ready,
    /// The calls are being asked for once more, with the reason that was given.
    Rewording,
    /// What it rests on is read again.
    Rereading { since: Timestamp },
    /// The intent is being written.
    Recording,
    /// The calls are out.
    Sending { since: Timestamp, intent: u64 },
    /// The end is awaited; `sure` says whether the backend has accepted.
    Watching { since: Timestamp, look_at: Timestamp, intent: u64, sure: bool },
    /// The outcome is being written.
    Settling(Outcome),
    /// Over.
    Done(Outcome),
}

/// What happened to a pull.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The backend named the exact calls, or says that it cannot.
    Described(Result<Vec<Call>, CapabilityError>),
    /// The operator confirmed the plan as it was shown.
    Confirmed {
        /// The reason given.
        reason: Option<Text>,
    },
    /// The store has learnt something.
    Learnt,
    /// The journal has written the entry with this number, or could not.
    Recorded(Result<u64, String>),
    /// The backend accepted all calls, and says which run it started, if it did; or it did not.
    Sent(Result<Option<RunKey>, CapabilityError>),
    /// Time has passed.
    Due,
    /// The program ends; nobody will watch any more.
    Left,
}

/// What a pull wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Want {
    /// Ask the plan's source for this.
    Refresh(Subject),
    /// Ask the plan's source which calls its order takes, as it is now.
    Describe,
    /// Write to the journal.
    Record(Record),
    /// Send the calls, once.
    Send(Vec<Call>),
}

impl Pull {
    /// A pull whose calls are to be asked for next. What it rests on is read again if it is older than `max_age` when
    /// it is confirmed. Without `wait` it ends when the backend has accepted.
    pub const fn new(plan: Plan, max_age: Duration, wait: bool) -> Self {
        Self { plan, calls: Vec::new(), max_age, wait, phase: Phase::Describing }
    }

    /// Its plan.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Its exact calls; none before they were described.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// What came of it, once it is over.
    pub const fn outcome(&self) -> Option<&Outcome> {
        match &self.phase {
            Phase::Done(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Whether it is shown and waits for a word.
    pub const fn waits(&self) -> bool {
        matches!(self.phase, Phase::Describing | Phase::Ready)
    }

    /// How far it is, in words.
    pub fn says(&self) -> String {
        match &self.phase {
            Phase::Describing => format!("asking {} for the exact calls", self.plan.source()),
            Phase::Ready => "waits for a word".into(),
            Phase::Rewording => format!("asking {} for the exact calls with the reason", self.plan.source()),
            Phase::Rereading { .. } => "reading it again before anything is sent".into(),
            Phase::Recording | Phase::Settling(_) => "writing the journal".into(),
            Phase::Sending { .. } => "sending".into(),
            Phase::Watching { sure: true, .. } => format!("accepted, watching until {}", self.plan.expectation),
            Phase::Watching { .. } => format!("sent, no answer; watching until {}", self.plan.expectation),
            Phase::Done(outcome) => outcome.message.to_string(),
        }
    }

    /// Whether it was confirmed and is not over.
    pub const fn under_way(&self) -> bool {
        !matches!(self.phase, Phase::Describing | Phase::Ready | Phase::Done(_))
    }

    /// When it wants to hear of time again.
    pub fn wake_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Rereading { since } => plus(since, REREAD),
            Phase::Watching { look_at, .. } => Some(look_at),
            _ => None,
        }
    }

    /// The next part of its life.
    pub fn update(&mut self, event: Event, store: &Store, now: Timestamp) -> Vec<Want> {
        match (event, self.phase.clone()) {
            (Event::Described(Ok(calls)), Phase::Describing) => self.described(calls),
            (Event::Described(Err(error)), Phase::Describing) => {
                self.end(Outcome::new(OutcomeState::Failed, error.to_string()))
            }
            (Event::Described(Ok(calls)), Phase::Rewording) => {
                self.calls = calls;
                self.go(store, now)
            }
            (Event::Described(Err(error)), Phase::Rewording) => {
                let outcome = Outcome::new(OutcomeState::Failed, format!("nothing was sent: {error}"));
                self.settle(outcome, None)
            }
            (Event::Confirmed { reason }, Phase::Ready) => self.confirmed(reason, store, now),
            (Event::Learnt | Event::Due, Phase::Rereading { since }) => self.reread(store, since, now),
            (Event::Recorded(Ok(intent)), Phase::Recording) => self.send(intent, now),
            (Event::Recorded(Err(error)), Phase::Recording) => {
                let words = format!("nothing was sent: the journal cannot be written: {error}");
                self.end(Outcome::new(OutcomeState::Failed, words))
            }
            (Event::Sent(answer), Phase::Sending { since, intent }) => self.sent(answer, store, (since, intent), now),
            (Event::Learnt | Event::Due, Phase::Watching { since, look_at, intent, sure }) => {
                self.watch(store, (since, look_at, intent, sure), now)
            }
            (Event::Recorded(_), Phase::Settling(outcome)) => self.end(outcome),
            (Event::Left, Phase::Sending { intent, .. } | Phase::Watching { intent, .. }) => {
                let words = "the console was left before its end was seen";
                self.settle(Outcome::new(OutcomeState::Unknown, words), Some(intent))
            }
            (Event::Left, Phase::Rewording | Phase::Rereading { .. }) => {
                self.settle(Outcome::new(OutcomeState::Failed, "the console was left: nothing was sent"), None)
            }
            _ => Vec::new(),
        }
    }

    fn described(&mut self, calls: Vec<Call>) -> Vec<Want> {
        self.calls = calls;
        self.phase = Phase::Ready;
        Vec::new()
    }

    fn end(&mut self, outcome: Outcome) -> Vec<Want> {
        self.phase = Phase::Done(outcome);
        Vec::new()
    }

    /// The reason goes to the source too, so the calls that were shown without it are named once more with it.
    fn confirmed(&mut self, reason: Option<Text>, store: &Store, now: Timestamp) -> Vec<Want> {
        if self.plan.order.reason == reason {
            return self.go(store, now);
        }
        self.plan.order.reason = reason;
        self.phase = Phase::Rewording;
        vec![Want::Describe]
    }

    fn go(&mut self, store: &Store, now: Timestamp) -> Vec<Want> {
        let moved = self.moved(store);
        if since(self.plan.seen_at, now) > self.max_age || moved.is_some() {
            self.phase = Phase::Rereading { since: now };
            return vec![Want::Refresh(self.subject())];
        }
        self.record()
    }

    /// Goes on only with an answer that is newer than the confirmation and says the same.
    fn reread(&mut self, store: &Store, since: Timestamp, now: Timestamp) -> Vec<Want> {
        let state = store.sources().get(self.plan.source());
        let answered = state.and_then(|state| state.answered_at).is_some_and(|at| at > since);
        if answered {
            return match self.moved(store) {
                Some(words) => self.settle(Outcome::new(OutcomeState::Moved, words).refused(Refusal::Moved), None),
                None => self.record(),
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

    fn record(&mut self) -> Vec<Want> {
        self.phase = Phase::Recording;
        let plan = document::plan(&self.plan, &self.calls);
        let reason = self.plan.order.reason.as_ref().map(ToString::to_string);
        vec![Want::Record(Record::Intent {
            action: self.plan.action.as_str(),
            target: self.plan.target.path.clone(),
            plan,
            reason,
        })]
    }

    fn send(&mut self, intent: u64, now: Timestamp) -> Vec<Want> {
        self.phase = Phase::Sending { since: now, intent };
        vec![Want::Send(self.calls.clone())]
    }

    fn sent(
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

    fn watch(
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
        let look_at = now.saturating_add(LOOK).unwrap_or(now);
        self.phase = Phase::Watching { since: began, look_at, intent, sure };
        vec![Want::Refresh(self.subject())]
    }

    /// What to look at for the plan's end.
    fn subject(&self) -> Subject {
        match &self.plan.order.deed {
            Deed::Pipeline(PipelineDeed::Retry { run, .. } | PipelineDeed::Cancel { run, .. }) => {
                Subject::Run(run.clone())
            }
            Deed::Pipeline(PipelineDeed::Start { service, .. }) => match &self.plan.expectation {
                Expectation::Started(Some(run)) => Subject::Run(run.clone()),
                _ => Subject::Runs(service.clone()),
            },
            _ => Subject::Overview,
        }
    }

    fn settle(&mut self, outcome: Outcome, intent: Option<u64>) -> Vec<Want> {
        let record = Record::Outcome {
            action: self.plan.action.as_str(),
            target: self.plan.target.path.clone(),
            intent,
            outcome: document::outcome(&outcome),
        };
        self.phase = Phase::Settling(outcome);
        vec![Want::Record(record)]
    }
}

fn plus(at: Timestamp, span: Duration) -> Option<Timestamp> {
    at.saturating_add(SignedDuration::try_from(span).ok()?).ok()
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
