//! The life of one action, the same for the console and the command line: described, confirmed, read again if old, its
//! intent journalled, sent once, watched until the end is seen, its outcome journalled. Pure; its owner performs.

mod confirming;
mod second;
mod watching;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::actions::{Outcome, OutcomeState, Plan, document};
use crate::app::effect::Record;
use crate::capabilities::CapabilityError;
use crate::domain::confirmation::{Asked, Said, Step};
use crate::domain::ids::{RunKey, SourceName};
use crate::domain::observation::Subject;
use crate::domain::order::Call;
use crate::domain::text::Text;
use crate::store::Store;

/// How long reading again before sending may take.
const REREAD: Duration = Duration::from_secs(15);

/// One action on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pull {
    plan: Plan,
    calls: Vec<Call>,
    max_age: Duration,
    wait: bool,
    /// How long a second person is waited for, if not until the phrase lapses.
    patience: Option<Duration>,
    /// The second person who confirmed it.
    confirmed_by: Option<Text>,
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
    /// A second person is being asked for.
    Asking { since: Timestamp },
    /// A second person is waited for.
    Awaiting { asked: Asked, until: Timestamp, look_at: Timestamp },
    /// What the second person confirmed is being taken up.
    Using,
    /// What it rests on is read again.
    Rereading { since: Timestamp },
    /// It is asked for its calls once more, with the revision that was just read.
    Renewing,
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
    /// A step of the second person's confirmation was answered.
    Stepped(Result<Said, CapabilityError>),
    /// The operator no longer waits for a second person.
    Withdrawn,
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
    /// Ask a source for this.
    Refresh(SourceName, Subject),
    /// Take a step of the second person's confirmation.
    Step(SourceName, Step),
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
        Self { plan, calls: Vec::new(), max_age, wait, patience: None, confirmed_by: None, phase: Phase::Describing }
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
            Phase::Asking { .. } => "asking for a second person".into(),
            Phase::Awaiting { asked, .. } => format!("waits for a second person: leverframe confirm {}", asked.phrase),
            Phase::Using => "confirmed by a second person".into(),
            Phase::Rereading { .. } | Phase::Renewing => "reading it again before anything is sent".into(),
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
            Phase::Watching { look_at, .. } | Phase::Awaiting { look_at, .. } => Some(look_at),
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
                self.begin(store, now)
            }
            (Event::Described(Ok(calls)), Phase::Renewing) => self.renewed(calls, store, now),
            (Event::Described(Err(error)), Phase::Rewording | Phase::Renewing) => {
                let outcome = Outcome::new(OutcomeState::Failed, format!("nothing was sent: {error}"));
                self.settle(outcome, None)
            }
            (Event::Confirmed { reason }, Phase::Ready) => self.confirmed(reason, store, now),
            (Event::Stepped(said), _) => self.stepped(said, now),
            (Event::Learnt | Event::Due, Phase::Awaiting { .. }) => self.awaited(store, now),
            (Event::Withdrawn, Phase::Awaiting { .. }) => {
                self.withdraw("withdrawn before a second person confirmed it")
            }
            (Event::Left, Phase::Asking { .. } | Phase::Awaiting { .. } | Phase::Using) => {
                self.withdraw("left before a second person confirmed it")
            }
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
            (Event::Left, Phase::Rewording | Phase::Rereading { .. } | Phase::Renewing) => {
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
